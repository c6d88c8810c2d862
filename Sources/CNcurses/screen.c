#include "CNcurses.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

static bool is_set(const char *name) {
    const char *value = getenv(name);
    return value && *value;
}

bool st_set_locale(void) {
    setlocale(LC_CTYPE, "");
    if (is_utf8()) return true;
    if (is_set("LC_ALL") || is_set("LC_CTYPE") || is_set("LANG")) return false;
    return setlocale(LC_CTYPE, "C.UTF-8") && is_utf8();
}

SCREEN *st_open(const char *type) {
    SCREEN *screen = newterm(type, stdout, stdin);
    if (!screen) return NULL;
    set_term(screen);
    // raw, not cbreak: Ctrl-C and Ctrl-Z are keys.
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(25);
    mouseinterval(0);
    curs_set(0);
    leaveok(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    return screen;
}

void st_close(SCREEN *screen) {
    st_mouse(false);
    curs_set(1);
    endwin();
    delscreen(screen);
}

bool st_has_direct_color(void) {
    if (tigetflag("RGB") > 0 || tigetnum("RGB") > 0) return true;
    char *text = tigetstr("RGB");
    return text && text != (char *)-1;
}

bool st_can_place_cursor(void) {
    char *text = tigetstr("cup");
    return text && text != (char *)-1;
}

void st_mouse(bool on) {
    mmask_t wanted = BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED;
    mousemask(on ? wanted : 0, NULL);
}

int st_mouse_event(int *row, int *column) {
    MEVENT event;
    if (getmouse(&event) != OK) return ST_MOUSE_NONE;
    *row = event.y;
    *column = event.x;
    if (event.bstate & BUTTON4_PRESSED) return ST_MOUSE_WHEEL_UP;
    if (event.bstate & BUTTON5_PRESSED) return ST_MOUSE_WHEEL_DOWN;
    if (event.bstate & BUTTON1_DOUBLE_CLICKED) return ST_MOUSE_DOUBLE;
    if (event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)) return ST_MOUSE_PRESS;
    return ST_MOUSE_NONE;
}

void st_stop(void) {
    // The others of the group get the terminal's own signal. Not ourselves: it might stop us from another thread, later
    // than this function goes on. What a thread sends to itself is done before the call returns.
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    sigaction(SIGTSTP, &ignore, &before);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &before, NULL);
    raise(SIGSTOP);
}

int st_waiting_bytes(void) {
    int count = 0;
    return ioctl(STDIN_FILENO, FIONREAD, &count) == 0 ? count : -1;
}
