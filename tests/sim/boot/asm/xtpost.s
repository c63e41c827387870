# A ROM for a PC/XT, 8 KiB at FE00:0: it asks the machine what the power-on self tests of such machines ask it, in the
# instructions of an 8088, and tells port E9h a line a check. It loads the floppy's first sector by ports alone.
# Ref: IBM PC/XT Technical Reference (6936808), power-on self test and I/O maps; 8237A, 8253, 8255A, 8259A data sheets.

        .arch   i8086
        .code16
        .text
start:


        # Vectors lead here: the flag's bit is the level. The keyboard's code and the floppy's need no more.
irq0:   orb     $0x01, %ch
        jmp     ended
irq1:   orb     $0x02, %ch
        jmp     ended
irq6:   orb     $0x40, %ch
        jmp     ended
other:  orb     $0x80, %ch
ended:  pushw   %ax
        movb    $0x20, %al
        outb    %al, $0x20
        popw    %ax
        iret

        # Print CS:SI and, by the zero flag, how it went.
report: pushf
1:      movb    %cs:(%si), %al
        incw    %si
        testb   %al, %al
        jz      2f
        outb    %al, $0xE9
        jmp     1b
2:      movw    $(fine - start), %si
        popf
        je      3f
        movw    $(bad - start), %si
3:      movb    %cs:(%si), %al
        incw    %si
        testb   %al, %al
        jz      4f
        outb    %al, $0xE9
        jmp     3b
4:      ret
fine:   .asciz  ": ok\n"
bad:    .asciz  ": BAD\n"

        .macro  told text
        movw    $(9f - start), %si
        call    report
        jmp     7f
9:      .asciz  "\text"
7:
        .endm

reset:  cli
        cld
        movb    $0, %al                 # no NMI
        outb    %al, $0xA0
        movb    $0x99, %al              # the 8255: ports A and C are inputs, B is an output
        outb    %al, $0x63
        movb    $0xA5, %al
        outb    %al, $0x61
        movw    $0x3000, %ax            # the stack is not tested before it is used
        movw    %ax, %ss
        movw    $0x0100, %sp
        movw    %cs, %ax
        movw    %ax, %ds

        # The ROM adds up to zero.
        xorw    %si, %si
        movw    $0x2000, %cx
        xorb    %bl, %bl
1:      lodsb
        addb    %al, %bl
        loop    1b
        testb   %bl, %bl
        told    "checksum"

        # Counter 1 counts: each bit is seen high, then low.
        movb    $0x04, %al              # the 8237A is off meanwhile
        outb    %al, $0x08
        movb    $0x54, %al
        outb    %al, $0x43
        xorw    %cx, %cx
        xorb    %bl, %bl
        movb    %cl, %al
        outb    %al, $0x41
1:      movb    $0x40, %al
        outb    %al, $0x43
        cmpb    $0xFF, %bl
        je      2f
        inb     $0x41, %al
        orb     %al, %bl
        loop    1b
        jmp     3f
2:      movb    %bl, %al
        xorw    %cx, %cx
        outb    %al, $0x41
4:      movb    $0x40, %al
        outb    %al, $0x43
        inb     $0x41, %al
        andb    %al, %bl
        jz      3f
        loop    4b
3:      testw   %cx, %cx                # neither loop came to its end
        lahf
        xorb    $0x40, %ah
        sahf
        told    "timer 1"

        # Addresses and counts of the 8237A hold all ones, then all zeros.
        outb    %al, $0x0D
        movb    $0xFF, %al
1:      movb    %al, %bl
        movb    %al, %bh
        movw    $8, %cx
        xorw    %dx, %dx
2:      outb    %al, %dx
        pushw   %ax
        outb    %al, %dx
        movb    $0x01, %al
        inb     %dx, %al
        movb    %al, %ah
        inb     %dx, %al
        cmpw    %ax, %bx
        popw    %ax
        jne     3f
        incw    %dx
        loop    2b
        incb    %al
        jz      1b
        xorw    %ax, %ax
3:      told    "8237A registers"

        # Refresh: channel 0 by counter 1, and no request is left waiting.
        movb    $0xFF, %al
        outb    %al, $0x01
        outb    %al, $0x01
        movb    $0x58, %al
        outb    %al, $0x0B
        xorb    %al, %al
        outb    %al, $0x08
        outb    %al, $0x0A
        movb    $0x54, %al              # anew: the count before was 10000h, and a new one waits for its end
        outb    %al, $0x43
        movb    $18, %al
        outb    %al, $0x41
        movb    $0x41, %al
        outb    %al, $0x0B
        movb    $0x42, %al
        outb    %al, $0x0B
        movb    $0x43, %al
        outb    %al, $0x0B
        xorb    %al, %al
        outb    %al, $0x81
        outb    %al, $0x82
        outb    %al, $0x83
        movw    $50, %cx
1:      inb     $0x08, %al
        testb   $0x10, %al
        loopnz  1b
        told    "no request of channel 0 waits"
        xorb    %al, %al
        outb    %al, $0x0C
        inb     $0x00, %al
        movb    %al, %bl
        movw    $1000, %cx
1:      loop    1b
        inb     $0x00, %al              # the flip-flop's other half
        xorb    %al, %al
        outb    %al, $0x0C
        inb     $0x00, %al
        subb    %bl, %al
        subb    $160, %al               # 12000 clocks and what lies between: 160 to 191 cycles
        andb    $0xE0, %al
        told    "refresh"

        # The first 64 KiB: five patterns, each written, read, and nothing of it changed by refresh.
        xorw    %ax, %ax
        movw    %ax, %es
        movw    %ax, %ds
        movw    $(patterns - start), %bp
1:      movw    %cs:(%bp), %ax
        xorw    %di, %di
        movw    $0x8000, %cx
        rep stosw
        xorw    %di, %di
        movw    $0x8000, %cx
        repe scasw
        jne     2f
        addw    $2, %bp
        testw   %ax, %ax
        jnz     1b
2:      told    "64 KiB"
        jmp     sizes
patterns: .word 0xFFFF, 0xAAAA, 0x5555, 0x0101, 0

        # How much there is: to A000h, and nothing behind it.
sizes:  movw    $0x1000, %bx
1:      movw    %bx, %ds
        notw    %ds:0
        movw    %ds:0, %ax
        notw    %ds:0
        xorw    %ds:0, %ax
        incw    %ax
        jnz     2f
        addw    $0x0400, %bx
        jnz     1b
2:      cmpw    $0xA000, %bx
        told    "640 KiB"
        movw    $0xB000, %ax            # where the other adapter would be
        movw    %ax, %ds
        movw    $0xA5A5, %ds:0
        cmpw    $0xFFFF, %ds:0
        told    "no monochrome adapter"

        # An adapter's 16 KiB are seen twice.
        movw    $0xB800, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    $0xAA55, %ax
        xorw    %di, %di
        movw    $0x2000, %cx
        rep stosw
        xorw    %di, %di
        movw    $0x2000, %cx
        repe scasw
        jne     1f
        movw    $0x1234, %ds:0x4002
        cmpw    $0x1234, %ds:2
1:      told    "screen memory"

        # The beam: display enable and vertical sync, each seen on and off.
        movw    $0x3D4, %dx
        movw    $(crtc - start), %si
        xorb    %ah, %ah
1:      movb    %ah, %al
        outb    %al, %dx
        incw    %dx
        movb    %cs:(%si), %al
        outb    %al, %dx
        decw    %dx
        incw    %si
        incb    %ah
        cmpb    $16, %ah
        jne     1b
        movb    $0x29, %al
        movb    $0xD8, %dl
        outb    %al, %dx
        movb    $0xDA, %dl
        movb    $0x08, %ah
2:      xorw    %cx, %cx
3:      inb     %dx, %al
        testb   %ah, %al
        jnz     4f
        loop    3b
        jmp     6f
4:      xorw    %cx, %cx
5:      inb     %dx, %al
        testb   %ah, %al
        jz      1f
        loop    5b
        jmp     6f
1:      movb    $3, %cl
        shrb    %cl, %ah
        jnz     2b
        xorw    %ax, %ax
        jmp     1f
6:      orb     $1, %al
1:      told    "retrace"
        jmp     pics
crtc:   .byte   0x71, 0x50, 0x5A, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07, 0, 0, 0, 0

        # The 8259A's mask holds what is written; and with all masked nothing comes.
pics:   xorw    %ax, %ax
        movw    %ax, %es
        movw    %ax, %ds
        xorw    %di, %di
        movw    $256, %cx
1:      movw    $(other - start), %ax
        stosw
        movw    %cs, %ax
        stosw
        loop    1b
        movw    $(irq0 - start), 0x20
        movw    $(irq1 - start), 0x24
        movw    $(irq6 - start), 0x38
        movb    $0x13, %al
        outb    %al, $0x20
        movb    $0x08, %al
        outb    %al, $0x21
        movb    $0x09, %al
        outb    %al, $0x21
        xorb    %al, %al
        outb    %al, $0x21
        inb     $0x21, %al
        testb   %al, %al
        jnz     2f
        movb    $0xFF, %al
        outb    %al, $0x21
        inb     $0x21, %al
        cmpb    $0xFF, %al
2:      told    "8259A mask"
        xorw    %cx, %cx
        xorw    %bx, %bx
        xorw    %dx, %dx
        sti
1:      orb     %ch, %bl                # CH counts too, so its bits are looked at where it is 0
        xorb    %ch, %ch
        incw    %dx
        cmpw    $20000, %dx
        jb      1b
        testb   %bl, %bl
        told    "no stray interrupt"

        # Timer 0 interrupts, neither late nor early.
        movb    $0xFE, %al
        outb    %al, $0x21
        movb    $0x10, %al
        outb    %al, $0x43
        xorb    %ch, %ch
        movb    $0x16, %al
        movb    %al, %cl
        outb    %al, $0x40
1:      testb   $0x01, %ch
        jnz     2f
        decb    %cl
        jnz     1b
2:      testb   $0x01, %ch
        jz      3f
        xorb    %ch, %ch
        movb    $0x12, %cl
        movb    $0xFF, %al
        outb    %al, $0x40
1:      testb   $0x01, %ch
        jnz     4f
        decb    %cl
        jnz     1b
        movw    $1000, %dx
2:      testb   $0x01, %ch              # and late it does
        jnz     5f
        decw    %dx
        jnz     2b
3:      orb     $1, %al
        jmp     6f
4:      orb     $1, %al
        jmp     6f
5:      xorb    %al, %al
6:      told    "timer 0"
        movb    $0xFF, %al
        outb    %al, $0x21

        # The keyboard: CLK low for 20 ms, then its self test's answer by IRQ 1.
        movb    $0x08, %al
        outb    %al, $0x61
        movw    $10582, %cx
1:      loop    1b
        movb    $0xC8, %al
        outb    %al, $0x61
        movb    $0x48, %al
        outb    %al, $0x61
        movb    $0xFD, %al
        outb    %al, $0x21
        xorw    %cx, %cx
        xorw    %dx, %dx
1:      testb   $0x02, %ch
        jnz     2f
        decw    %dx
        jnz     1b
2:      inb     $0x60, %al
        movb    %al, %bl
        inb     $0x61, %al              # bit 7 takes the byte, and lets the next one come
        orb     $0x80, %al
        outb    %al, $0x61
        andb    $0x7F, %al
        outb    %al, $0x61
        cmpb    $0xAA, %bl
        told    "keyboard"
        xorw    %cx, %cx
        movw    $10000, %dx
1:      decw    %dx
        jnz     1b
        testb   $0x02, %ch
        told    "nothing more of it"
        movb    $0xFF, %al
        outb    %al, $0x21

        # The switches in two halves, and no parity error above them.
        movb    $0x40, %al
        outb    %al, $0x61
        inb     $0x62, %al
        movb    %al, %bl
        movb    $0x48, %al
        outb    %al, $0x61
        inb     $0x62, %al
        movb    %al, %bh
        orb     %bl, %al
        andb    $0xC0, %al
        jnz     1f
        andw    $0x0F0F, %bx
        cmpw    $0x020D, %bx
1:      told    "switches"

        # Counter 2 is seen at port 62h, and its gate is at 61h.
        movb    $0xB6, %al
        outb    %al, $0x43
        xorb    %al, %al
        outb    %al, $0x42
        movb    $0x04, %al
        outb    %al, $0x42
        movb    $0x49, %al
        outb    %al, $0x61
        movw    $1000, %cx
1:      inb     $0x62, %al
        testb   $0x20, %al
        loopz   1b
        jz      3f
        movw    $1000, %cx
2:      inb     $0x62, %al
        testb   $0x20, %al
        loopnz  2b
        jnz     4f
        movb    $0x48, %al              # without its gate it stays high
        outb    %al, $0x61
        inb     $0x62, %al
        notb    %al
        testb   $0x20, %al
        jmp     4f
3:      orb     $1, %al
4:      told    "timer 2"

        # Who is there: COM1; no printer, no second line, no game port, no expansion box.
        movw    $0x3FA, %dx
        inb     %dx, %al
        testb   $0xF8, %al
        told    "COM1"
        movw    $(places - start), %si
        movw    $6, %cx
1:      movw    %cs:(%si), %dx
        addw    $2, %si
        movb    $0xAA, %al
        outb    %al, %dx
        movb    $0x01, %ah
        inb     %dx, %al
        cmpb    $0xFF, %al
        loope   1b
        told    "nothing else"
        jmp     disk
places: .word   0x3BC, 0x378, 0x278, 0x2FA, 0x201, 0x210

        # The floppy by its ports: RESET, four statuses, recalibrate, and a sector by channel 2.
disk:   movb    $0xBF, %al
        outb    %al, $0x21
        xorw    %cx, %cx
        movw    $0x3F2, %dx
        movb    $0x08, %al
        outb    %al, %dx
        movw    $100, %di
1:      decw    %di
        jnz     1b
        movb    $0x0C, %al
        outb    %al, %dx
        call    wait6
        told    "floppy reset"
        movw    $4, %di
        movw    $0xC0, %bp
1:      movb    $0x08, %al
        call    put
        call    get
        cmpw    %bp, %ax
        jne     2f
        call    get
        incw    %bp
        decw    %di
        jnz     1b
2:      told    "floppy statuses"
        movw    $(specify - start), %si
        call    puts
        movb    $0x1C, %al
        movw    $0x3F2, %dx
        outb    %al, %dx
        xorw    %di, %di                # half a second
1:      decw    %di
        jnz     1b
        xorw    %cx, %cx
        movw    $(recalibrate - start), %si
        call    puts
        call    wait6
        movb    $0x08, %al
        call    put
        call    get
        movw    %ax, %bx
        call    get
        movb    %al, %bh
        cmpw    $0x0020, %bx
        told    "recalibrate"
        movb    $0x46, %al
        outb    %al, $0x0C
        outb    %al, $0x0B
        xorb    %al, %al
        outb    %al, $0x04
        movb    $0x7C, %al
        outb    %al, $0x04
        xorb    %al, %al
        outb    %al, $0x81
        movb    $0xFF, %al
        outb    %al, $0x05
        movb    $0x01, %al
        outb    %al, $0x05
        movb    $0x02, %al
        outb    %al, $0x0A
        xorw    %cx, %cx
        movw    $(read - start), %si
        call    puts
        call    wait6
        jne     1f
        call    get
        movw    %ax, %bx
        movw    $6, %di
2:      call    get
        decw    %di
        jnz     2b
        testb   $0xC0, %bl
        jnz     1f
        inb     $0x08, %al
        andb    $0x04, %al
        xorb    $0x04, %al
        jnz     1f
        cmpw    $0xAA55, 0x7DFE
1:      told    "a sector by DMA 2"
        movb    $0x80, %al              # NMI is on
        outb    %al, $0xA0
        cli
        hlt

        # Wait for IRQ 6, zero flag set when it came.
wait6:  xorw    %di, %di
        movb    $10, %bl
1:      testb   $0x40, %ch
        jnz     2f
        decw    %di
        jnz     1b
        decb    %bl
        jnz     1b
        orb     $1, %bl
        ret
2:      xorb    %bl, %bl
        ret

        # A byte to the controller, in AL, when it asks for one; and one from it, in AX.
put:    movb    %al, %ah
        movw    $0x3F4, %dx
1:      inb     %dx, %al
        andb    $0xC0, %al
        cmpb    $0x80, %al
        jne     1b
        movb    %ah, %al
        incw    %dx
        outb    %al, %dx
        ret
get:    movw    $0x3F4, %dx
1:      inb     %dx, %al
        andb    $0xC0, %al
        cmpb    $0xC0, %al
        jne     1b
        incw    %dx
        inb     %dx, %al
        xorb    %ah, %ah
        ret
        # Bytes at CS:SI, their number first.
puts:   movb    %cs:(%si), %bl
1:      incw    %si
        movb    %cs:(%si), %al
        call    put
        decb    %bl
        jnz     1b
        ret
specify: .byte  3, 0x03, 0xCF, 0x02
recalibrate: .byte 2, 0x07, 0x00
read:   .byte   9, 0x66, 0, 0, 0, 1, 2, 9, 0x2A, 0xFF

        .org    0x1FF0, 0xFF
        ljmp    $0xFE00, $(reset - start)
        .ascii  "01/01/90"
        .byte   0xFF, 0xFE, 0xFF
