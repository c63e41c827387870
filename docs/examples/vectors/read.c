/* Reads vectors from standard input and prints the levels of each pin at each clock of one: zcat F | ./read 3 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const SIDES[] = {"\"in\":[", "\"out\":["};

/* Walks the events of one side, [clock,"pin",level] one after the other, and prints those of a clock. */
static void events(const char *line, const char *side, long clock) {
    const char *at = strstr(line, side) + strlen(side);
    char pin[8], level[8];
    long when;
    int length;
    while (sscanf(at, "[%ld,\"%7[^\"]\",%7[^]]]%n", &when, pin, level, &length) == 3) {
        if (when == clock) printf(" %s=%s", pin, level);
        at += length + 1; /* the comma, or the list's end */
    }
}

int main(int argc, char **argv) {
    static char line[1 << 20];
    for (long number = argc > 1 ? atol(argv[1]) : 0; number >= 0; number--)
        if (!fgets(line, sizeof line, stdin)) return fputs("no such vector\n", stderr), 1;
    const long clocks = atol(strstr(line, "\"clocks\":") + 9);
    for (long clock = 0; clock < clocks; clock++) {
        printf("%4ld", clock);
        for (int side = 0; side < 2; side++) events(line, SIDES[side], clock);
        putchar('\n');
    }
    return 0;
}
