# A floppy's first sectors: what DOS, its loader, its drivers and its extenders ask of an AT's BIOS and chips.
# Each check prints its name and how it went, by INT 10h and to port E9h. Sector n of the disk is filled with bytes n from 30 on.
# Ref: IBM PC AT Technical Reference (1502494), BIOS; Intel 80386 Programmer's Reference Manual, chapter 14.
        .code16
        .text
start:  jmp     begin
        .org    0x40
begin:  cli
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $0x7C00, %sp
        cld
        sti
        movw    $0x7E00, %bx            # sector after sector, as a boot record does
        movw    $0x0002, %cx
load:   movw    $0x0201, %ax
        xorw    %dx, %dx
        int     $0x13
        jc      load
        addw    $0x200, %bx
        incw    %cx
        cmpw    $12, %cx
        jb      load
        jmp     main
        .org    510
        .word   0xAA55

        .macro  told text
        movw    $(9f - start + 0x7C00), %si
        call    report
        jmp     7f
9:      .asciz  "\text"
7:
        .endm
        .macro  at_address register, name
        movw    $(\name - start + 0x7C00), %\register
        .endm

report: pushfw
        call    print
        at_address si, fine
        popfw
        je      print
        at_address si, bad
print:  lodsb
        testb   %al, %al
        jz      1f
        outb    %al, $0xE9
        movb    $0x0E, %ah
        movw    $7, %bx
        int     $0x10
        jmp     print
1:      ret
fine:   .asciz  ": ok\r\n"
bad:    .asciz  ": BAD\r\n"

main:   int     $0x12
        cmpw    $639, %ax
        je      1f
        cmpw    $640, %ax
1:      told    "memory"
        int     $0x11
        andb    $0xC1, %al
        cmpb    $0x01, %al
        told    "equipment"

        # Drive A: what it is, each sector over the ends of two tracks, a whole track, what is not there, what is written.
        movb    $8, %ah
        xorw    %dx, %dx
        xorw    %di, %di
        int     $0x13
        jc      1f
        cmpw    $0x4F12, %cx
        jne     1f
        cmpw    $0x0101, %dx
1:      pushw   %ds
        popw    %es
        told    "drive A"
        movw    $30, %di
1:      movw    %di, %ax
        call    one
        jc      2f
        movw    %di, %ax
        cmpb    %al, 0xA000
        jne     2f
        cmpb    %al, 0xA1FF
        jne     2f
        incw    %di
        cmpw    $60, %di
        jne     1b
2:      told    "sectors over tracks"
        movw    $0x0212, %ax
        movw    $0xA000, %bx
        movw    $0x0101, %cx            # cylinder 1, head 1: sectors 54 to 71
        movw    $0x0100, %dx
        int     $0x13
        jc      1f
        cmpb    $54, 0xA000
        jne     1f
        cmpb    $71, 0xA000 + 17*512
1:      told    "a track"
        movw    $0x0201, %ax
        movw    $0xA000, %bx
        movw    $0x0163, %cx
        xorw    %dx, %dx
        int     $0x13
        jnc     1f
        cmpb    $0x04, %ah              # not found; SeaBIOS: no such command
        je      2f
        cmpb    $0x01, %ah
        jmp     2f
1:      orb     $1, %al
2:      told    "a sector that is not there"
        movw    $0x0301, %ax
        movw    $0xA000, %bx
        movw    $0x4F12, %cx            # the last one
        movw    $0x0100, %dx
        int     $0x13
        jc      1f
        movw    $0x0201, %ax
        movw    $0xC800, %bx
        int     $0x13
        jc      1f
        movw    $0xA000, %si
        movw    $0xC800, %di
        movw    $512, %cx
        repe cmpsb
1:      told    "a sector written"

        # Time: ticks, and who hooks them.
        movw    $(tick - start + 0x7C00), 0x1C*4
        movw    $0, 0x1C*4+2
        movb    $0, %ah
        int     $0x1A
        movw    %dx, %di
        movb    $0, ticks
1:      hlt
        cmpb    $5, ticks
        jb      1b
        movb    $0, %ah
        int     $0x1A
        subw    %di, %dx
        cmpw    $5, %dx
        told    "ticks"
        movb    $2, %ah
        int     $0x1A
        cmpb    $0x00, %ch              # a little after midnight
        told    "clock"

        # A delay by counter 2, and the refresh that goes by: 10 ms are 663 of its cycles.
        inb     $0x61, %al
        andb    $0xFC, %al
        orb     $0x01, %al
        outb    %al, $0x61
        movb    $0xB0, %al
        outb    %al, $0x43
        cli
        movw    $11932, %ax
        outb    %al, $0x42
        movb    %ah, %al
        outb    %al, $0x42
        xorw    %cx, %cx
        inb     $0x61, %al
        movb    %al, %bl
1:      inb     $0x61, %al
        movb    %al, %ah
        xorb    %bl, %al
        movb    %ah, %bl
        testb   $0x10, %al
        jz      2f
        incw    %cx
2:      testb   $0x20, %ah
        jz      1b
        sti
        subw    $650, %cx
        cmpw    $20, %cx
        sbbw    %ax, %ax
        incw    %ax
        told    "delay"

        # A20 by the keyboard controller, then by port 92h.
        movb    $0xDF, %ah
        call    by_8042
        call    a20
        jz      1f
        movb    $0xDD, %ah
        call    by_8042
        inb     $0x92, %al
        andb    $0xFD, %al
        outb    %al, $0x92
        call    a20
        jnz     1f
        inb     $0x92, %al
        orb     $0x02, %al
        outb    %al, $0x92
        call    a20
        lahf
        xorb    $0x40, %ah
        sahf
1:      told    "A20"

        # Above 1 MiB: how much, and a block moved there and back.
        movb    $0x88, %ah
        int     $0x15
        cmpw    $0x3C00, %ax
        told    "15 MiB"
        movw    $0xA000, %di
        movw    $256, %cx
        movw    $0x5AC3, %ax
        rep stosw
        movl    $0x9300A000, blocks + 0x12      # from A000h
        movl    $0x93200000, blocks + 0x1A      # to 200000h
        call    move
        jc      1f
        movl    $0x93200000, blocks + 0x12
        movl    $0x9300C800, blocks + 0x1A
        call    move
        jc      1f
        movw    $0xC800, %di
        movw    $256, %cx
        movw    $0x5AC3, %ax
        repe scasw
1:      told    "blocks moved"

        # Protected mode by itself: flat memory, a tick through its own table, and back.
        cli
        lgdt    gdt_at - start + 0x7C00
        lidt    idt_at - start + 0x7C00
        movl    %cr0, %eax
        orb     $1, %al
        movl    %eax, %cr0
        ljmpw   $0x08, $(wide - start + 0x7C00)
        .code32
wide:   movw    $0x10, %ax
        movw    %ax, %ds
        movw    %ax, %ss
        movl    $0x7B00, %esp
        movl    $0x12345678, 0x300000
        xorl    %ebx, %ebx
        sti
1:      hlt
        testl   %ebx, %ebx
        jz      1b
        cli
        movl    0x300000, %edi
        ljmpw   $0x18, $(narrow - start + 0x7C00)
gate:   incl    %ebx
        pushl   %eax
        movb    $0x20, %al
        outb    %al, $0x20
        popl    %eax
        iretl
        .code16
narrow: movw    $0x20, %ax
        movw    %ax, %ds
        movw    %ax, %ss
        movl    %cr0, %eax
        andb    $0xFE, %al
        movl    %eax, %cr0
        ljmp    $0, $(back - start + 0x7C00)
back:   lidt    %cs:old_idt - start + 0x7C00
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $0x7C00, %sp
        sti
        cmpl    $0x12345678, %edi
        told    "protected mode"

        # The floppy as a driver has it: its own handler, channel 2, the controller's ports.
        movw    $(irq6 - start + 0x7C00), 0x0E*4
        movw    $0, 0x0E*4+2
        movb    $0, came
        inb     $0x21, %al
        andb    $0xBF, %al
        outb    %al, $0x21
        movw    $0x3F2, %dx
        movb    $0x18, %al
        outb    %al, %dx
        movw    $20, %cx
1:      loop    1b
        movb    $0x1C, %al
        outb    %al, %dx
        call    wait6
        movw    $4, %di
1:      movb    $0x08, %al
        call    put
        call    get
        call    get
        decw    %di
        jnz     1b
        movw    $0x3F7, %dx
        movb    $0, %al
        outb    %al, %dx
        at_address si, specify
        call    puts
        at_address si, recalibrate
        call    puts
        call    wait6
        movb    $0x08, %al
        call    put
        call    get
        call    get
        movb    $0x06, %al
        outb    %al, $0x0A
        outb    %al, $0x0C
        movb    $0x46, %al
        outb    %al, $0x0B
        xorb    %al, %al
        outb    %al, $0x04
        movb    $0xA0, %al
        outb    %al, $0x04
        movb    $0, %al
        outb    %al, $0x81
        movb    $0xFF, %al
        outb    %al, $0x05
        movb    $0x03, %al
        outb    %al, $0x05
        movb    $0x02, %al
        outb    %al, $0x0A
        at_address si, read
        call    puts
        call    wait6
        call    get
        movb    %al, %bh
        movw    $6, %di
1:      call    get
        decw    %di
        jnz     1b
        testb   $0xC0, %bh
        jnz     2f
        cmpw    $0x1F1F, 0xA200         # sector 31: the second one
2:      told    "the floppy by its ports"

        # The screen scrolls, and what is typed comes.
        movw    $30, %cx
1:      movb    $10, %al
        movb    $0x0E, %ah
        int     $0x10
        loop    1b
        at_address si, fine + 2
        call    print
        movb    $3, %ah
        xorb    %bh, %bh
        int     $0x10
        cmpb    $24, %dh
        told    "scrolled"
        at_address si, prompt
        call    print
        xorw    %di, %di
1:      xorb    %ah, %ah
        int     $0x16
        movb    $0x0E, %ah
        movw    $7, %bx
        int     $0x10
        addb    %al, typed
        cmpb    $13, %al
        jne     1b
        cmpb    $((0x44 + 0x69 + 0x72 + 13) & 0xFF), typed
        told    "\n\rtyped"
        cli
1:      hlt
        jmp     1b

        # Sector AX to A000h.
one:    movb    $18, %cl
        divb    %cl
        movb    %ah, %cl
        incb    %cl
        xorb    %ah, %ah
        shrb    $1, %al
        movb    %al, %ch
        setc    %dh
        xorb    %dl, %dl
        movw    $0xA000, %bx
        movw    $0x0201, %ax
        int     $0x13
        ret
tick:   incb    %cs:ticks
        iret
irq6:   pushw   %ax
        movb    $1, %cs:came
        movb    $0x20, %al
        outb    %al, $0x20
        popw    %ax
        iret
by_8042: call   ready
        movb    $0xD1, %al
        outb    %al, $0x64
        call    ready
        movb    %ah, %al
        outb    %al, $0x60
        call    ready
        ret
ready:  inb     $0x64, %al
        testb   $2, %al
        jnz     ready
        ret
        # Zero flag: the second megabyte is the first.
a20:    pushw   %ds
        movw    $0xFFFF, %ax
        movw    %ax, %ds
        movw    $0x1111, %ds:0x0510
        popw    %ds
        movw    $0x2222, 0x0500
        pushw   %ds
        movw    $0xFFFF, %ax
        movw    %ax, %ds
        cmpw    $0x2222, %ds:0x0510
        popw    %ds
        ret
move:   movb    $0x87, %ah
        movw    $256, %cx
        at_address si, table
        int     $0x15
        ret
wait6:  cmpb    $0, came
        je      wait6
        movb    $0, came
        ret
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
        ret
puts:   lodsb
        movb    %al, %bl
1:      lodsb
        call    put
        decb    %bl
        jnz     1b
        ret
specify: .byte  3, 0x03, 0xAF, 0x02
recalibrate: .byte 2, 0x07, 0x00
read:   .byte   9, 0x66, 0x04, 0, 1, 13, 2, 18, 0x1B, 0xFF
prompt: .asciz  "A>"
        .balign 8
gdt:    .quad   0, 0x00CF9B000000FFFF, 0x00CF93000000FFFF, 0x00009B000000FFFF, 0x000093000000FFFF
table:  .quad   0, 0
        .word   0x1FF
from:   .long   0
        .word   0
        .word   0x1FF
to:     .long   0
        .word   0
        .quad   0, 0
gdt_at: .word   39
        .long   gdt - start + 0x7C00
idt_at: .word   0x4F
        .long   gates - start + 0x7C00
old_idt: .word  0x3FF
        .long   0
        .balign 8
gates:  .fill   8, 8, 0
        .word   gate - start + 0x7C00, 0x08, 0x8E00, 0
        .quad   0
        .set    ticks, 0x600
        .set    came, 0x601
        .set    typed, 0x602
        .set    blocks, table - start + 0x7C00
        .org    12*512 - 512, 0
