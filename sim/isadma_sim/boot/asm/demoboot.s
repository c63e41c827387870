# The demo floppy's boot sector: loads the program behind it by INT 13h, which is DMA channel 2, and goes there.

        .code16
        .text
start:  cli
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %ss
        movw    $0x7C00, %sp
        sti
        movw    $(text - start + 0x7C00), %si
1:      lodsb
        testb   %al, %al
        jz      2f
        movb    $0x0E, %ah
        movw    $0x0007, %bx
        int     $0x10
        jmp     1b
2:      movw    $0x1000, %ax
        movw    %ax, %es
        xorw    %bx, %bx
        movw    $(0x0200 + SECTORS), %ax
        movw    $0x0002, %cx
        xorw    %dx, %dx
        int     $0x13
        jc      3f
        ljmp    $0x1000, $0
3:      movw    $(failed - start + 0x7C00), %si
        movw    $0xFEEB, 2b - start + 0x7C00    # no second time
        jmp     1b
text:   .asciz  "Boot sector: loading the program by DMA\r\n"
failed: .asciz  "Boot sector: the program cannot be read"
        .org    510, 0
        .word   0xAA55
