// Everything below st_guard_restore may run in a signal handler: write, tcsetattr, sigaction and raise only.
#include "CNcurses.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved_modes;
static bool has_saved_modes = false;
static char farewell[512];
static size_t farewell_length = 0;
static atomic_bool is_armed = false;

// Faults: the instruction runs again after the handler, with the handler of before.
static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT};
// Requests to end, watched only while nobody else handles them.
static const int requests[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
enum { FAULTS = sizeof faults / sizeof *faults, REQUESTS = sizeof requests / sizeof *requests };
static struct sigaction before[NSIG];

void st_guard_restore(void) {
    if (!atomic_exchange(&is_armed, false)) return;
    size_t done = 0;
    while (done < farewell_length) {
        ssize_t count = write(STDOUT_FILENO, farewell + done, farewell_length - done);
        if (count <= 0) break;
        done += (size_t)count;
    }
    if (has_saved_modes) tcsetattr(STDIN_FILENO, TCSANOW, &saved_modes);
}

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)context;
    st_guard_restore();
    sigaction(signal, &before[signal], NULL);
    // Sent by somebody, not met by an instruction: nothing would run again.
    if (info->si_code <= 0) raise(signal);
}

static void on_request(int signal, siginfo_t *info, void *context) {
    (void)info;
    (void)context;
    st_guard_restore();
    sigaction(signal, &before[signal], NULL);
    raise(signal);
}

static void add(const char *text) {
    if (!text || text == (char *)-1) return;
    size_t length = strlen(text);
    if (farewell_length + length > sizeof farewell) return;
    memcpy(farewell + farewell_length, text, length);
    farewell_length += length;
}

typedef void (*handler_t)(int, siginfo_t *, void *);

static void watch(int signal, handler_t handler) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_ONSTACK | SA_SIGINFO;
    action.sa_sigaction = handler;
    sigaction(signal, &action, &before[signal]);
}

static void unwatch(int signal, handler_t handler) {
    struct sigaction now;
    if (sigaction(signal, NULL, &now) == 0 && now.sa_sigaction == handler) sigaction(signal, &before[signal], NULL);
}

void st_guard_save(void) {
    has_saved_modes = tcgetattr(STDIN_FILENO, &saved_modes) == 0;
    for (int i = 0; i < FAULTS; i++) watch(faults[i], on_fault);
    // Before ncurses installs its own, which call endwin on whatever thread the signal finds: it leaves ours alone.
    for (int i = 0; i < REQUESTS; i++) {
        struct sigaction now;
        if (sigaction(requests[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL) watch(requests[i], on_request);
    }
}

void st_guard_arm(void) {
    farewell_length = 0;
    add("\033[?1000l\033[?1002l\033[?1003l\033[?1006l");
    add(tigetstr("sgr0"));
    add(tigetstr("oc"));
    add(tigetstr("op"));
    add(tigetstr("rmkx"));
    add(tigetstr("cnorm"));
    add(tigetstr("rmcup"));
    static bool is_registered = false;
    if (!is_registered) is_registered = atexit(st_guard_restore) == 0;
    atomic_store(&is_armed, true);
}

void st_guard_disarm(void) {
    atomic_store(&is_armed, false);
    for (int i = 0; i < FAULTS; i++) unwatch(faults[i], on_fault);
    for (int i = 0; i < REQUESTS; i++) unwatch(requests[i], on_request);
}
