/* Reads vectors from standard input and prints the levels of each pin at each clock of one: zcat F | ./read copy-0000024 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const SIDES[] = {"\"in\":[", "\"out\":[", "\"mid\":["};
static const char *const MARKS[] = {"", "", "mid:"}; /* before a pin's level in the first half of the clock */

/* Walks the events of one side, [clock,"pin",level] one after the other, and prints those of a clock; old packs have no "mid". */
static void events(const char *line, int side, long clock) {
    const char *at = strstr(line, SIDES[side]);
    char pin[8], level[8];
    long when;
    int length;
    if (at) at += strlen(SIDES[side]);
    while (at && sscanf(at, "[%ld,\"%7[^\"]\",%7[^]]]%n", &when, pin, level, &length) == 3) {
        if (when == clock) printf(" %s%s=%s", MARKS[side], pin, level);
        at += length + 1; /* the comma, or the list's end */
    }
}

int main(int argc, char **argv) {
    static char line[1 << 20], name[64];
    snprintf(name, sizeof name, "{\"name\":\"%s\"", argc > 1 ? argv[1] : "");
    do
        if (!fgets(line, sizeof line, stdin)) return fputs("no such vector\n", stderr), 1;
    while (strncmp(line, name, strlen(name)));
    const long clocks = atol(strstr(line, "\"clocks\":") + 9);
    for (long clock = 0; clock < clocks; clock++) {
        printf("%4ld", clock);
        for (int side = 0; side < 3; side++) events(line, side, clock);
        putchar('\n');
    }
    return 0;
}
