# INT 14h: COM1. INT 17h: no printer.

        .set COM, 0x3F8

serial_init:
        movw    $COM, 0                 # its address, in the data area
        ret

serial: sti
        enter_bios
        testw   %dx, %dx
        jnz     serial_none
        movb    %ah, %bl
        testb   %bl, %bl
        jz      serial_set
        decb    %bl
        jz      serial_send
        decb    %bl
        jz      serial_receive
        decb    %bl
        jz      serial_status
serial_none:
        movb    $0x80, F_AH(%bp)
        leave_bios

        # 00h: AL = rate (7-5), parity (4-3), stop bits (2), length (1-0).
serial_set:
        movb    $0x80, %al
        movw    $COM+3, %dx
        outb    %al, %dx
        movzbw  F_AL(%bp), %bx
        shrw    $5, %bx
        shlw    $1, %bx
        movw    %cs:divisors-start(%bx), %ax
        movw    $COM, %dx
        outb    %al, %dx
        incw    %dx
        movb    %ah, %al
        outb    %al, %dx
        movb    F_AL(%bp), %al
        andb    $0x1F, %al
        movw    $COM+3, %dx
        outb    %al, %dx
        movw    $COM+1, %dx
        xorb    %al, %al
        outb    %al, %dx
serial_status:
        call    serial_lines
        movb    %al, F_AH(%bp)
        movw    $COM+6, %dx
        inb     %dx, %al
        movb    %al, F_AL(%bp)
        leave_bios
serial_lines:
        movw    $COM+5, %dx
        inb     %dx, %al
        ret
divisors:
        .word   1047, 768, 384, 192, 96, 48, 24, 12

serial_send:
        movw    $COM+4, %dx
        movb    $3, %al
        outb    %al, %dx
        movb    $0x20, %bh
        call    serial_wait
        jz      serial_late
        movb    F_AL(%bp), %al
        movw    $COM, %dx
        outb    %al, %dx
        call    serial_lines
        movb    %al, F_AH(%bp)
        leave_bios
serial_receive:
        movw    $COM+4, %dx
        movb    $1, %al
        outb    %al, %dx
        movb    $0x01, %bh
        call    serial_wait
        jz      serial_late
        movb    %al, %ah
        andb    $0x1E, %ah
        movw    $COM, %dx
        inb     %dx, %al
        movw    %ax, F_AX(%bp)
        leave_bios
serial_late:
        call    serial_lines
        orb     $0x80, %al
        movb    %al, F_AH(%bp)
        leave_bios

        # Wait for a bit of BH in the line status, a second at most. Zero: it did not come.
serial_wait:
        movw    TICKS, %cx
1:      call    serial_lines
        testb   %bh, %al
        jnz     2f
        movw    TICKS, %dx
        subw    %cx, %dx
        cmpw    $19, %dx
        jb      1b
        xorb    %dl, %dl
2:      ret

printer:
        movb    $0x01, %ah              # timed out
        iret
