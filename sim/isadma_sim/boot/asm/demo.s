# The demo floppy's program, at 1000:0: what it measures with the timer while DMA moves sectors, on the screen.

        .code16
        .text
        .set TRACK, 18                  # sectors of a track
        .set BUFFER, 0x2000             # segment: a track fits, and does not cross 64 KiB
        .set REFRESHES, 600

start:  cld
        movw    %cs, %ax
        movw    %ax, %ds
        movw    $BUFFER, %ax
        movw    %ax, %es

        # Counter 2 free-running, its gate open, the speaker off.
        movb    $0xB4, %al
        outb    %al, $0x43
        xorb    %al, %al
        outb    %al, $0x42
        outb    %al, $0x42
        inb     $0x61, %al
        andb    $0xFC, %al
        orb     $1, %al
        outb    %al, $0x61

        movw    $(title - start), %si
        movb    $0x1E, %bl
        call    show

        # Cylinder 1, head 0, one sector after another. The first waits for the disk to come round.
        movw    $1, %cx
        call    sector
        jc      failed
        movl    $0, total - start
        movl    $0xFFFFFFFF, least - start
        movl    $0, most - start
        movw    $2, %cx
1:      call    sector
        jc      failed
        addl    %eax, total - start
        cmpl    %eax, least - start
        jbe     2f
        movl    %eax, least - start
2:      cmpl    %eax, most - start
        jae     3f
        movl    %eax, most - start
3:      incw    %cx
        cmpw    $TRACK, %cx
        jbe     1b

        movw    $(ticks - start), %si
        call    plain
        movl    total - start, %eax
        movl    $(TRACK - 1), %ecx
        xorl    %edx, %edx
        divl    %ecx
        call    number
        movw    $(between - start), %si
        call    plain
        movl    least - start, %eax
        call    number
        movw    $(and - start), %si
        call    plain
        movl    most - start, %eax
        call    number
        call    line

        # The track once more, in one command, and what the 8237A says of it.
        movw    $(0x0200 + TRACK), %ax
        xorw    %bx, %bx
        movw    $0x0101, %cx
        xorw    %dx, %dx
        int     $0x13
        jc      failed
        movw    $(services - start), %si
        call    plain
        outb    %al, $0x0C
        inb     $0x04, %al
        movb    %al, %ah
        inb     $0x04, %al
        xchgb   %al, %ah
        movzwl  %ax, %eax
        call    number                  # the current address began at 0
        movw    $(left - start), %si
        call    plain
        outb    %al, $0x0C
        inb     $0x05, %al
        movb    %al, %ah
        inb     $0x05, %al
        xchgb   %al, %ah
        call    hexadecimal
        call    line

        # What came: the sum of its bytes against the one that the disk's maker left.
        xorl    %eax, %eax
        xorl    %edx, %edx
        xorw    %si, %si
        movw    $(TRACK * 512), %cx
4:      movb    %es:(%si), %al
        addl    %eax, %edx
        incw    %si
        loop    4b
        movl    %edx, total - start
        movw    $(sum_is - start), %si
        call    plain
        movl    total - start, %eax
        call    number
        movw    $(sum_fine - start), %si
        movl    total - start, %eax
        cmpl    sum - start, %eax
        je      5f
        movw    $(sum_wrong - start), %si
        movb    $1, wrong - start
5:      call    plain

        # Refreshes: an AT's port 61h bit 4 turns over with each, a PC/XT's are channel 0's.
        movw    $(refreshes - start), %si
        call    plain
        call    refresh
        call    number
        movw    $(pulses - start), %si
        call    plain

        movw    $(all_fine - start), %si
        movb    $0x2F, %bl
        cmpb    $0, wrong - start
        je      6f
failed: movw    $(not_fine - start), %si
        movb    $0x4F, %bl
6:      call    show
        cli
7:      hlt
        jmp     7b

        # Read sector CL of cylinder 1 to the buffer. EAX = pulses of the timer that it took. Carry: it failed.
sector: pushw   %cx
        call    counter
        movw    %ax, %di
        movw    $0x0201, %ax
        xorw    %bx, %bx
        movb    $1, %ch
        xorw    %dx, %dx
        pushw   %di
        int     $0x13
        popw    %di
        popw    %cx
        jc      1f
        call    counter
        subw    %ax, %di
        movzwl  %di, %eax
        clc
1:      ret

        # AX = counter 2.
counter:
        movb    $0x80, %al
        outb    %al, $0x43
        inb     $0x42, %al
        movb    %al, %ah
        inb     $0x42, %al
        xchgb   %al, %ah
        ret

        # EAX = pulses of the timer in which REFRESHES of them come.
refresh:
        cli
        movw    $REFRESHES, %cx
        .ifdef XT
        call    cycles
        movw    %ax, %si
        call    counter
        movw    %ax, %di
1:      call    cycles
        movw    %si, %dx
        subw    %ax, %dx
        cmpw    %cx, %dx
        jb      1b
        .else
        call    2f
        call    2f                      # from one that just came
        call    counter
        movw    %ax, %di
1:      call    2f
        loop    1b
        .endif
        call    counter
        subw    %ax, %di
        movzwl  %di, %eax
        sti
        ret
        .ifdef XT
        # AX = current word count of channel 0.
cycles: outb    %al, $0x0C
        inb     $0x01, %al
        movb    %al, %ah
        inb     $0x01, %al
        xchgb   %al, %ah
        ret
        .else
        # Wait until the bit turns over.
2:      inb     $0x61, %al
        xorb    %bh, %al
        testb   $0x10, %al
        jz      2b
        xorb    $0x10, %bh
        ret
        .endif

        # Print at SI up to a zero, in colour BL, or in light grey.
plain:  movb    $0x07, %bl
show:   pushal
        movb    %bl, %cl
1:      lodsb
        testb   %al, %al
        jz      3f
        cmpb    $' ', %al
        jb      2f
        pushw   %cx
        pushw   %ax
        movb    $0x09, %ah              # its colour first
        xorb    %bh, %bh
        movb    %cl, %bl
        movw    $1, %cx
        int     $0x10
        popw    %ax
        popw    %cx
2:      movb    $0x0E, %ah
        movw    $0x0007, %bx
        int     $0x10
        jmp     1b
3:      popal
        ret
line:   movw    $(new_line - start), %si
        jmp     plain

        # Print EAX, and AX in hexadecimal.
number: pushal
        movw    $(digits_end - start), %di
        movl    $10, %ecx
1:      xorl    %edx, %edx
        divl    %ecx
        addb    $'0', %dl
        decw    %di
        movb    %dl, (%di)
        testl   %eax, %eax
        jnz     1b
        movw    %di, %si
        call    plain
        popal
        ret
hexadecimal:
        pushal
        movw    $(digits_end - start), %di
        movw    $4, %cx
1:      movb    %al, %dl
        andb    $0x0F, %dl
        addb    $'0', %dl
        cmpb    $'9', %dl
        jbe     2f
        addb    $7, %dl
2:      decw    %di
        movb    %dl, (%di)
        shrw    $4, %ax
        loop    1b
        movw    %di, %si
        call    plain
        popal
        ret

title:  .byte   0xC9
        .fill   46, 1, 0xCD
        .byte   0xBB, 13, 10, 0xBA
        .ascii  "  isadma: this text came off a floppy by DMA  "
        .byte   0xBA, 13, 10, 0xC8
        .fill   46, 1, 0xCD
        .byte   0xBC, 13, 10, 0
ticks:  .asciz  "timer pulses a sector: "
between: .asciz ", of "
and:    .asciz  " to "
services: .asciz "services of channel 2 for a track: "
left:   .asciz  ", word count "
sum_is: .asciz  "sum of its bytes: "
sum_fine: .asciz ", as on the disk\r\n"
sum_wrong: .asciz ", which is not the disk's\r\n"
refreshes: .asciz "600 memory refreshes: "
pulses: .asciz " timer pulses\r\n"
all_fine: .asciz " All is as it should be. \r\n"
not_fine: .asciz " Something went wrong. \r\n"
new_line: .asciz "\r\n"
        .fill   12, 1, 0
digits_end: .byte 0
        .balign 4
total:  .long   0
least:  .long   0
most:   .long   0
wrong:  .byte   0
        # The last four bytes are the sum, which the disk's maker writes.
        .org    SECTORS * 512 - 4, 0
sum:    .long   0
