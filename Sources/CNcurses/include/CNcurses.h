// What Swift cannot see of ncurses: globals that are concurrency errors, attributes and buttons that are macros with
// casts, and cells of wide characters. Everything here must be called on the thread that owns the screen, except
// st_guard_*.
#ifndef CNCURSES_H
#define CNCURSES_H

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdbool.h>
#include <wchar.h>

static inline WINDOW *_Nullable st_window(void) { return stdscr; }
static inline int st_colors(void) { return COLORS; }
static inline int st_rows(void) { return stdscr ? getmaxy(stdscr) : 0; }
static inline int st_columns(void) { return stdscr ? getmaxx(stdscr) : 0; }

static inline attr_t st_bold(void) { return WA_BOLD; }
static inline attr_t st_dim(void) { return WA_DIM; }
static inline attr_t st_italic(void) { return WA_ITALIC; }
static inline attr_t st_underline(void) { return WA_UNDERLINE; }
static inline attr_t st_reverse(void) { return WA_REVERSE; }

// Keys that are macros with arguments.
static inline int st_key_f0(void) { return KEY_F0; }

// Sets the locale from the environment. Without any, C.UTF-8: containers have no LANG, yet a terminal that reads UTF-8.
// True when characters are UTF-8 afterwards.
bool st_set_locale(void);

// Takes over the terminal on standard input and output. A null `type` is $TERM. Null when the terminal is unknown.
SCREEN *_Nullable st_open(const char *_Nullable type);
void st_close(SCREEN *_Nonnull screen);

// Whether the terminfo entry has direct colour: `RGB` may be a flag, a number or a string.
bool st_has_direct_color(void);

// Puts one grapheme (base and combining characters, null-terminated) at a place, without moving on or scrolling.
static inline int st_put(int row, int column, const wchar_t *_Nonnull text, attr_t attributes, int pair) {
    cchar_t cell;
    // The short pair argument is ignored when the int is given through opts.
    if (setcchar(&cell, text, attributes, 0, &pair) == ERR) return ERR;
    return mvwadd_wchnstr(stdscr, row, column, &cell, 1);
}

// Columns that the C library gives this text: what ncurses goes by.
static inline int st_width(const wchar_t *_Nonnull text) {
    // Four is more than a grapheme ever takes; wcswidth is hidden without _XOPEN_SOURCE.
    extern int wcwidth(wchar_t);
    int width = 0;
    for (const wchar_t *each = text; *each; each++) {
        int one = wcwidth(*each);
        if (one < 0) return -1;
        width += one;
    }
    return width;
}

// Whether the terminal can place its cursor: one that cannot shows no picture.
bool st_can_place_cursor(void);

// Turns reports of clicks and of the wheel on or off.
void st_mouse(bool on);

// What a mouse event was.
enum { ST_MOUSE_NONE, ST_MOUSE_PRESS, ST_MOUSE_DOUBLE, ST_MOUSE_WHEEL_UP, ST_MOUSE_WHEEL_DOWN };
int st_mouse_event(int *_Nonnull row, int *_Nonnull column);

// Stops the process and its group as a Ctrl-Z of the terminal does elsewhere; returns when it is continued.
void st_stop(void);

// Bytes waiting on standard input; -1 when it cannot be asked.
int st_waiting_bytes(void);

// The guard gives the terminal back on the ways out that nobody plans: exit(), a trap, a signal that nobody handles.
// st_guard_save before st_open, st_guard_arm after it, st_guard_disarm when the screen was closed or never opened.
void st_guard_save(void);
void st_guard_arm(void);
void st_guard_disarm(void);
// Safe in a signal handler and on any thread; does nothing when not armed.
void st_guard_restore(void);

#endif
