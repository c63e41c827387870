# The tick (interrupt 0), INT 1Ah, and on an AT the clock's alarm (interrupt 8).

        # Ticks of a day: 1193182 / 65536 a second.
        .set DAY, 0x1800B0

tick:   sti
        pushw   %ds
        pushw   %ax
        pushw   %dx
        pushw   $BDA
        popw    %ds
        incl    TICKS
        cmpl    $DAY, TICKS
        jb      1f
        movl    $0, TICKS
        movb    $1, MIDNIGHT
1:      decb    MOTOR_TICKS
        jnz     2f
        andb    $0xF0, MOTOR_STATE
        movb    $0x0C, %al
        movw    $DOR, %dx
        outb    %al, %dx
2:      int     $0x1C
        movb    $0x20, %al
        outb    %al, $0x20
        popw    %dx
        popw    %ax
        popw    %ds
        iret

        # INT 1Ah.
clock:  sti
        enter_bios
        movb    %ah, %al
        testb   %al, %al
        jz      get_ticks
        decb    %al
        jz      set_ticks
        .ifndef XT
        decb    %al
        jz      get_time
        decb    %al
        jz      set_time
        decb    %al
        jz      get_date
        decb    %al
        jz      set_date
        decb    %al
        jz      set_alarm
        decb    %al
        jz      no_alarm
        .endif
        orb     $1, F_FLAGS(%bp)
        leave_bios
get_ticks:
        cli
        movb    MIDNIGHT, %al
        movb    $0, MIDNIGHT
        movb    %al, F_AL(%bp)
        movw    TICKS, %ax
        movw    %ax, F_DX(%bp)
        movw    TICKS+2, %ax
        movw    %ax, F_CX(%bp)
        leave_bios
set_ticks:
        cli
        movw    F_DX(%bp), %ax
        movw    %ax, TICKS
        movw    F_CX(%bp), %ax
        movw    %ax, TICKS+2
        movb    $0, MIDNIGHT
        leave_bios

clock_init:
        .ifndef XT
        # The day's ticks from the clock's time: about 18.2 a second, 1092.4 a minute, 65543.3 an hour.
        call    wait_update
        movb    $0, %al
        call    binary
        movw    $182, %cx
        mulw    %cx
        movw    $10, %cx
        divw    %cx
        movzwl  %ax, %esi
        movb    $2, %al
        call    binary
        movzwl  %ax, %eax
        imull   $10924, %eax, %eax
        xorl    %edx, %edx
        movl    $10, %ecx
        divl    %ecx
        addl    %eax, %esi
        movb    $4, %al
        call    binary
        movzwl  %ax, %eax
        imull   $65543, %eax, %eax
        addl    %eax, %esi
        movl    %esi, TICKS
        .endif
        ret

        .ifndef XT
        # AX = the number that BCD byte AL of CMOS is.
binary: call    cmos
        movb    %al, %ah
        shrb    $4, %ah
        andb    $0x0F, %al
        aad
        ret
wait_update:
        xorw    %cx, %cx
1:      movb    $0x0A, %al
        call    cmos
        testb   $0x80, %al
        loopnz  1b
        ret

        # AL = byte BL of CMOS, and AL to byte BL.
get:    movb    %bl, %al
        jmp     cmos
set:    pushw   %ax
        movb    %bl, %al
        outb    %al, $0x70
        popw    %ax
        outb    %al, $0x71
        ret

get_time:
        call    wait_update
        movb    $4, %bl
        call    get
        movb    %al, F_CH(%bp)
        movb    $2, %bl
        call    get
        movb    %al, F_CL(%bp)
        movb    $0, %bl
        call    get
        movb    %al, F_DH(%bp)
        movb    $0x0B, %bl
        call    get
        andb    $1, %al
        movb    %al, F_DL(%bp)
        jmp     clock_fine
get_date:
        call    wait_update
        movb    $0x32, %bl
        call    get
        movb    %al, F_CH(%bp)
        movb    $9, %bl
        call    get
        movb    %al, F_CL(%bp)
        movb    $8, %bl
        call    get
        movb    %al, F_DH(%bp)
        movb    $7, %bl
        call    get
        movb    %al, F_DL(%bp)
clock_fine:
        andb    $~1, F_FLAGS(%bp)
        leave_bios
set_time:
        call    stop
        movb    F_CH(%bp), %al
        movb    $4, %bl
        call    set
        movb    F_CL(%bp), %al
        movb    $2, %bl
        call    set
        movb    F_DH(%bp), %al
        movb    $0, %bl
        call    set
        movb    F_DL(%bp), %al
        andb    $1, %al
        jmp     go
set_date:
        call    stop
        movb    F_CH(%bp), %al
        movb    $0x32, %bl
        call    set
        movb    F_CL(%bp), %al
        movb    $9, %bl
        call    set
        movb    F_DH(%bp), %al
        movb    $8, %bl
        call    set
        movb    F_DL(%bp), %al
        movb    $7, %bl
        call    set
        movb    $0x0B, %bl
        call    get
        andb    $1, %al
        # Let the clock run again; AL = daylight saving.
go:     movb    %al, %ah
        movb    $0x0B, %bl
        call    get
        andb    $0x7E, %al
        orb     %ah, %al
        call    set
        jmp     clock_fine
stop:   movb    $0x0B, %bl
        call    get
        orb     $0x80, %al
        jmp     set
set_alarm:
        movb    $0x0B, %bl
        call    get
        testb   $0x20, %al
        jz      1f
        orb     $1, F_FLAGS(%bp)
        leave_bios
1:      movb    F_CH(%bp), %al
        movb    $5, %bl
        call    set
        movb    F_CL(%bp), %al
        movb    $3, %bl
        call    set
        movb    F_DH(%bp), %al
        movb    $1, %bl
        call    set
        movb    $0x0B, %bl
        call    get
        orb     $0x20, %al
        call    set
        jmp     clock_fine
no_alarm:
        movb    $0x0B, %bl
        call    get
        andb    $~0x20, %al
        call    set
        jmp     clock_fine

        # Interrupt 8.
clock_interrupt:
        pushw   %ax
        movb    $0x0C, %al
        call    cmos
        testb   $0x20, %al
        jz      1f
        int     $0x4A
1:      movb    $0x20, %al
        outb    %al, $0xA0
        outb    %al, $0x20
        popw    %ax
        iret
        .endif
