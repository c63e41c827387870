# A boot sector: what is typed goes to the screen and to COM1, what comes from COM1 to the screen, in upper case.
        .code16
        .text
start:  xorw    %ax, %ax
        movw    %ax, %ds
        movw    $0x00E3, %ax            # 9600 8N1
        xorw    %dx, %dx
        int     $0x14
        movw    $(0x7C00 + ready - start), %si
1:      lodsb
        testb   %al, %al
        jz      again
        call    show
        jmp     1b
again:  sti
        hlt
        movb    $1, %ah
        int     $0x16
        jz      2f
        xorb    %ah, %ah
        int     $0x16
        pushw   %ax
        call    show
        popw    %ax
        movb    $1, %ah
        xorw    %dx, %dx
        int     $0x14
2:      movb    $3, %ah
        xorw    %dx, %dx
        int     $0x14
        testb   $1, %ah
        jz      again
        movb    $2, %ah
        xorw    %dx, %dx
        int     $0x14
        andb    $0xDF, %al
        call    show
        jmp     again
show:   movb    $0x0E, %ah
        movw    $7, %bx
        int     $0x10
        ret
ready:  .asciz  "ready> "
        .org    510, 0
        .word   0xAA55
