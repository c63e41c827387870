# INT 13h: the floppy, every byte by DMA channel 2, every end by interrupt 6; INT 19h boots from it.
# Ref: IBM PC AT Technical Reference, diskette BIOS interface; Intel 82077AA data sheet (290166), commands.

        .set DOR, 0x3F2
        .set MSR, 0x3F4
        .set FIFO, 0x3F5
        .set RATE, 0x3F7

        # Statuses of INT 13h.
        .set BAD_COMMAND, 0x01
        .set NO_MARK, 0x02
        .set WRITE_PROTECTED, 0x03
        .set NO_SECTOR, 0x04
        .set CHANGED, 0x06
        .set DMA_OVERRUN, 0x08
        .set OVER_64K, 0x09
        .set BAD_CRC, 0x10
        .set BAD_CONTROLLER, 0x20
        .set BAD_SEEK, 0x40
        .set TIMED_OUT, 0x80

disk_table:                             # INT 1Eh
        .byte   0xDF, 0x02, 0x25, 0x02, 18, 0x1B, 0xFF, 0x54, 0xF6, 0x0F, 0x08

disk_init:
        movw    $DOR, %dx
        xorb    %al, %al
        outb    %al, %dx
        andb    $0x7F, SEEK_STATE
        movb    $0x0C, %al
        outb    %al, %dx
        movb    $0, MEDIA
        call    wait_interrupt
        movw    $4, %cx                 # the four statuses after a reset
1:      pushw   %cx
        call    sense
        popw    %cx
        loop    1b
        movb    $0x03, %al              # SPECIFY: step rate, head times; DMA
        call    send
        movb    $0xDF, %al
        call    send
        movb    $0x02, %al
        call    send
        movb    $0, SEEK_STATE
        ret

        # Interrupt 6.
disk_interrupt:
        pushw   %ds
        pushw   %ax
        pushw   $BDA
        popw    %ds
        orb     $0x80, SEEK_STATE
        movb    $0x20, %al
        outb    %al, $0x20
        popw    %ax
        popw    %ds
        iret

        # INT 13h.
disk:   sti
        enter_bios
        cmpb    $0x80, F_DL(%bp)
        jae     no_hard_disk
        movb    F_AH(%bp), %al
        cmpb    $0x01, %al
        je      disk_last
        movb    $0, DISK_STATUS
        testb   %al, %al
        je      disk_reset
        cmpb    $0, F_DL(%bp)
        jne     disk_missing
        cmpb    $0x02, %al
        je      disk_read
        cmpb    $0x03, %al
        je      disk_write
        cmpb    $0x04, %al
        je      disk_verify
        cmpb    $0x05, %al
        je      disk_format
        cmpb    $0x08, %al
        je      disk_parameters
        cmpb    $0x15, %al
        je      disk_type
        cmpb    $0x16, %al
        je      disk_change
        cmpb    $0x17, %al
        je      disk_end
        cmpb    $0x18, %al
        je      disk_set
        movb    $BAD_COMMAND, DISK_STATUS
        jmp     disk_end
no_hard_disk:
        cmpb    $0x15, F_AH(%bp)
        je      disk_type
        cmpb    $0x08, F_AH(%bp)
        jne     1f
        movb    $0, F_DL(%bp)
1:      movb    $BAD_COMMAND, F_AH(%bp)
        orb     $1, F_FLAGS(%bp)
        leave_bios
disk_missing:
        cmpb    $0x15, %al
        je      disk_type
        cmpb    $0x08, %al
        je      disk_parameters
        movb    $TIMED_OUT, DISK_STATUS
        jmp     disk_end
disk_reset:
        call    disk_init
        jmp     disk_end
disk_last:
        movb    DISK_STATUS, %al
        movb    %al, F_AL(%bp)
        # AH and carry from the status, the motor's time anew, and back.
disk_end:
        movb    DISK_STATUS, %ah
        movb    %ah, F_AH(%bp)
        andb    $~1, F_FLAGS(%bp)
        testb   %ah, %ah
        jz      1f
        orb     $1, F_FLAGS(%bp)
1:      movb    $37, MOTOR_TICKS
        leave_bios

        # DMA mode of channel 2, and command with MT, MFM and SK.
disk_read:
        movw    $0xE646, %bx
        jmp     disk_move
disk_write:
        movw    $0xC54A, %bx
        jmp     disk_move
disk_verify:
        movw    $0xE642, %bx
        jmp     disk_move

disk_move:
        movb    F_AL(%bp), %al
        testb   %al, %al
        jz      bad_argument
        cmpb    $72, %al
        ja      bad_argument
        movzbw  %al, %cx
        shlw    $9, %cx
        decw    %cx
        call    dma_setup
        jc      disk_nothing
        call    media
        jc      disk_nothing
        call    seek
        jc      disk_nothing
        movb    %bh, %al
        call    send
        movb    F_DH(%bp), %al
        andb    $1, %al
        shlb    $2, %al
        call    send
        movb    F_CH(%bp), %al          # C, H, R, N
        call    send
        movb    F_DH(%bp), %al
        call    send
        movb    F_CL(%bp), %al
        andb    $0x3F, %al
        call    send
        movb    $3, %bl                 # N, EOT, gap, DTL from the table
1:      call    table
        call    send
        incb    %bl
        cmpb    $7, %bl
        jb      1b
        call    finish
        jc      disk_nothing
        jmp     disk_end
bad_argument:
        movb    $BAD_COMMAND, DISK_STATUS
disk_nothing:
        movb    $0, F_AL(%bp)
        jmp     disk_end

        # 05h: ES:BX = C, H, R, N of each sector of a track.
disk_format:
        call    table_sectors
        movzbw  %al, %cx
        shlw    $2, %cx
        decw    %cx
        movw    $0x4D4A, %bx
        call    dma_setup
        jc      disk_nothing
        call    media
        jc      disk_nothing
        call    seek
        jc      disk_nothing
        movb    $0x4D, %al
        call    send
        movb    F_DH(%bp), %al
        andb    $1, %al
        shlb    $2, %al
        call    send
        movb    $3, %bl
        call    table
        call    send
        movb    $4, %bl
        call    table
        call    send
        movb    $7, %bl
        call    table
        call    send
        movb    $8, %bl
        call    table
        call    send
        call    finish
        jc      disk_nothing
        jmp     disk_end

        # 08h: the drive's largest format.
disk_parameters:
        xorw    %ax, %ax
        movb    %al, F_BH(%bp)
        movb    EQUIPMENT, %al
        andb    $1, %al
        movb    %al, F_DL(%bp)
        movb    $1, F_DH(%bp)
        call    drive_type
        movb    %al, F_BL(%bp)
        movzbw  %al, %bx
        shlw    $1, %bx
        movw    %cs:drive_sizes-start(%bx), %cx
        movw    %cx, F_CX(%bp)
        movw    $(disk_table - start), F_DI(%bp)
        movw    %cs, F_ES(%bp)
        movb    $0, F_AL(%bp)
        jmp     disk_end
drive_sizes:                            # sectors of a track, last cylinder, by type
        .word   0x2709, 0x2709, 0x4F0F, 0x4F09, 0x4F12, 0x4F24

        # AL = type of drive A as CMOS has it; a PC/XT's is 1.
drive_type:
        .ifdef XT
        movb    $1, %al
        .else
        movb    $0x10, %al
        call    cmos
        shrb    $4, %al
        cmpb    $5, %al
        jbe     1f
        movb    $5, %al
1:
        .endif
        ret

        # 15h: no disk, a floppy without and with a change line.
disk_type:
        xorb    %ah, %ah
        cmpb    $0, F_DL(%bp)
        jne     1f
        call    drive_type
        movb    $1, %ah
        cmpb    $1, %al
        jbe     1f
        movb    $2, %ah
1:      movb    %ah, F_AH(%bp)
        andb    $~1, F_FLAGS(%bp)
        leave_bios

        # 16h: has the disk been changed?
disk_change:
        call    motor
        call    changed
        jz      disk_end
        movb    $CHANGED, DISK_STATUS
        jmp     disk_end

        # 18h: the format that is going to be written; the rate is found anew.
disk_set:
        movb    $0, MEDIA
        movw    $(disk_table - start), F_DI(%bp)
        movw    %cs, F_ES(%bp)
        jmp     disk_end

        # AL = byte BL of the table that INT 1Eh points to.
table:  pushw   %es
        pushw   %bx
        pushw   %si
        xorw    %ax, %ax
        movw    %ax, %es
        lesw    %es:0x1E*4, %si
        xorb    %bh, %bh
        movb    %es:(%bx,%si), %al
        popw    %si
        popw    %bx
        popw    %es
        ret
table_sectors:
        movb    $4, %bl
        jmp     table

        # The 8237A's channel 2: mode BL, CX + 1 bytes at the caller's ES:BX. Carry: they cross 64 KiB.
dma_setup:
        movw    F_ES(%bp), %ax
        movw    %ax, %dx
        shrw    $12, %dx
        shlw    $4, %ax
        addw    F_BX(%bp), %ax
        adcb    $0, %dl
        movw    %ax, %si
        addw    %cx, %si
        jc      1f
        cli
        pushw   %ax
        movb    $0x06, %al
        outb    %al, $0x0A
        outb    %al, $0x0C
        movb    %bl, %al
        outb    %al, $0x0B
        popw    %ax
        outb    %al, $0x04
        movb    %ah, %al
        outb    %al, $0x04
        movb    %dl, %al
        outb    %al, $0x81
        movb    %cl, %al
        outb    %al, $0x05
        movb    %ch, %al
        outb    %al, $0x05
        movb    $0x02, %al
        outb    %al, $0x0A
        sti
        clc
        ret
1:      movb    $OVER_64K, DISK_STATUS
        stc
        ret

        # Turn the motor on, and wait until the disk is at speed.
motor:  movb    $37+18, MOTOR_TICKS
        testb   $1, MOTOR_STATE
        jnz     1f
        orb     $1, MOTOR_STATE
        movw    $DOR, %dx
        movb    $0x1C, %al
        outb    %al, %dx
        movw    $11, %cx
        call    wait_ticks
1:      ret

        # Wait for CX ticks.
wait_ticks:
        movw    TICKS, %ax
1:      hlt
        movw    TICKS, %dx
        subw    %ax, %dx
        cmpw    %cx, %dx
        jb      1b
        ret

        # Not zero: the disk was changed.
changed:
        .ifdef XT
        xorb    %al, %al
        .else
        movw    $RATE, %dx
        inb     %dx, %al
        testb   $0x80, %al
        .endif
        ret

        # See to it that a disk turns and that its data rate is known. Carry: DISK_STATUS says why not.
media:  pushw   %bx
        call    motor
        call    changed
        jz      1f
        # A step clears the signal, where there is a disk.
        pushw   F_CX(%bp)
        andb    $~1, SEEK_STATE
        movb    $1, F_CH(%bp)
        call    seek
        movb    $0, F_CH(%bp)
        call    seek
        popw    F_CX(%bp)
        call    changed
        movb    $TIMED_OUT, %al
        jnz     9f
        testb   $0x10, MEDIA
        movb    $0, MEDIA
        movb    $CHANGED, %al
        jnz     9f
1:      testb   $0x10, MEDIA
        jnz     4f
        # At which rate do its sectors have marks? 500, 250, 300, 1000 kbit/s.
        movw    $4, %cx
        movw    $(rates - start), %si
2:      pushw   %cx
        pushw   %si
        movb    $0, DISK_STATUS
        movw    $RATE, %dx
        movb    %cs:(%si), %al
        outb    %al, %dx
        call    seek
        jc      3f
        movb    $0x4A, %al              # READ ID
        call    send
        movb    F_DH(%bp), %al
        andb    $1, %al
        shlb    $2, %al
        call    send
        call    finish
3:      popw    %si
        popw    %cx
        jnc     5f
        incw    %si
        loop    2b
        movb    DISK_STATUS, %al
        jmp     9f
5:      movb    %cs:(%si), %al
        shlb    $6, %al
        orb     $0x10, %al
        movb    %al, MEDIA
4:      movb    $0, DISK_STATUS
        popw    %bx
        clc
        ret
9:      movb    %al, DISK_STATUS
        popw    %bx
        stc
        ret
rates:  .byte   0, 2, 1, 3

        # Move the head to the caller's cylinder, from track 0 on when nobody knows where it is.
seek:   testb   $1, SEEK_STATE
        jnz     2f
        movw    $2, %cx                 # 77 steps may not do
1:      pushw   %cx
        movb    $0x07, %al              # RECALIBRATE
        call    send
        xorb    %al, %al
        call    send
        call    seek_end
        popw    %cx
        jnc     3f
        loop    1b
        ret
3:      orb     $1, SEEK_STATE
        movb    $0, CYLINDER
2:      movb    F_CH(%bp), %ah
        cmpb    CYLINDER, %ah
        je      4f
        movb    %ah, CYLINDER
        movb    $0x0F, %al
        call    send
        movb    F_DH(%bp), %al
        andb    $1, %al
        shlb    $2, %al
        call    send
        movb    F_CH(%bp), %al
        call    send
        call    seek_end
        jnc     4f
        andb    $~1, SEEK_STATE
        stc
        ret
4:      clc
        ret
seek_end:
        call    wait_interrupt
        jc      1f
        call    sense
        jc      1f
        testb   $0xC0, DISK_RESULT
        jz      1f
        movb    $BAD_SEEK, DISK_STATUS
        stc
1:      ret

        # SENSE INTERRUPT STATUS.
sense:  movb    $0x08, %al
        call    send
        jmp     result

        # Send AL when the controller asks for it.
send:   pushw   %cx
        pushw   %dx
        pushw   %ax
        movw    $MSR, %dx
        xorw    %cx, %cx
1:      inb     %dx, %al
        andb    $0xC0, %al
        cmpb    $0x80, %al
        loopne  1b
        popw    %ax
        jne     2f
        incw    %dx
        outb    %al, %dx
        jmp     3f
2:      movb    $TIMED_OUT, DISK_STATUS
3:      popw    %dx
        popw    %cx
        ret

        # Fetch the result bytes.
result: pushw   %di
        pushw   %cx
        pushw   %dx
        movw    $DISK_RESULT, %di
1:      movw    $MSR, %dx
        xorw    %cx, %cx
2:      inb     %dx, %al
        testb   $0x80, %al
        loopz   2b
        jz      4f
        testb   $0x40, %al
        jz      3f
        incw    %dx
        inb     %dx, %al
        movb    %al, (%di)
        incw    %di
        cmpw    $DISK_RESULT+7, %di
        jb      1b
3:      clc
        jmp     5f
4:      movb    $BAD_CONTROLLER, DISK_STATUS
        stc
5:      popw    %dx
        popw    %cx
        popw    %di
        ret

        # Wait for the controller's interrupt, two seconds at most.
wait_interrupt:
        sti
        movw    TICKS, %ax
1:      cli
        testb   $0x80, SEEK_STATE
        jnz     2f
        sti
        hlt
        movw    TICKS, %dx
        subw    %ax, %dx
        cmpw    $37, %dx
        jb      1b
        andb    $0x7F, SEEK_STATE
        movb    $TIMED_OUT, DISK_STATUS
        stc
        ret
2:      sti
        andb    $0x7F, SEEK_STATE
        clc
        ret

        # The end of a command with results. Carry: DISK_STATUS from ST0 to ST2.
finish: cmpb    $0, DISK_STATUS
        jne     4f
        call    wait_interrupt
        jc      3f
        call    result
        jc      4f
        testb   $0xC0, DISK_RESULT
        jz      5f
        movb    DISK_RESULT+1, %ah
        movw    $(errors - start), %si
1:      movw    %cs:(%si), %bx
        addw    $2, %si
        testb   %bl, %bl
        jz      2f
        testb   %bl, %ah
        jz      1b
2:      movb    %bh, DISK_STATUS
        jmp     4f
3:      call    disk_init               # a command that does not end is broken off
        movb    $TIMED_OUT, DISK_STATUS
4:      stc
        ret
5:      clc
        ret
errors: .byte   0x80, NO_SECTOR, 0x20, BAD_CRC, 0x10, DMA_OVERRUN, 0x04, NO_SECTOR, 0x02, WRITE_PROTECTED
        .byte   0x01, NO_MARK, 0, BAD_CONTROLLER

        # INT 19h: the first sector of the floppy to 0:7C00, and go there.
boot:   sti
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    $(disk_table - start), 0x1E*4
        movw    %cs, 0x1E*4+2
        movw    $4, %cx
1:      pushw   %cx
        xorw    %dx, %dx
        xorw    %ax, %ax
        int     $0x13
        xorw    %ax, %ax
        movw    %ax, %es
        movw    $0x0201, %ax
        movw    $0x7C00, %bx
        movw    $0x0001, %cx
        int     $0x13
        popw    %cx
        jnc     2f
        loop    1b
        int     $0x18
2:      cmpw    $0xAA55, %es:0x7DFE
        jne     no_disk
        xorw    %dx, %dx
        ljmp    $0, $0x7C00

no_disk:
        sti
        movw    $(no_disk_text - start), %si
        call    print
        xorb    %ah, %ah
        int     $0x16
        int     $0x19
no_disk_text:
        .asciz  "\r\nNo disk that boots in drive A. Put one in, and press a key.\r\n"
