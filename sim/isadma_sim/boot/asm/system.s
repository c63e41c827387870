# INT 11h, 12h, 15h, and interrupts that nobody has taken.

get_equipment:
        pushw   %ds
        pushw   $BDA
        popw    %ds
        movw    EQUIPMENT, %ax
        popw    %ds
        iret
get_memory:
        pushw   %ds
        pushw   $BDA
        popw    %ds
        movw    MEMORY_KB, %ax
        popw    %ds
        iret

        # INT 15h: A20 (24h), keyboard intercept (4Fh), extended memory (88h).
system: sti
        enter_bios
        cmpb    $0x4F, %ah
        je      system_failed           # carry: the key goes on
        .ifndef XT
        cmpb    $0x88, %ah
        je      extended
        cmpw    $0x2400, %ax
        je      a20_off
        cmpw    $0x2401, %ax
        je      a20_on
        .endif
        movb    $0x86, F_AH(%bp)
system_failed:
        orb     $1, F_FLAGS(%bp)
        leave_bios
        .ifndef XT
extended:
        movb    $0x31, %al
        call    cmos
        movb    %al, F_AH(%bp)
        movb    $0x30, %al
        call    cmos
        movb    %al, F_AL(%bp)
        jmp     system_fine
a20_off:
        movb    $0xDD, %bl
        jmp     1f
a20_on: movb    $0xDF, %bl
1:      movb    $0xD1, %al
        call    kbc_command
        call    kbc_wait
        movb    %bl, %al
        outb    %al, $0x60
        call    kbc_wait
        movb    $0, F_AH(%bp)
system_fine:
        andb    $~1, F_FLAGS(%bp)
        leave_bios
        .endif

nothing:
        iret

        # An interrupt of the controllers that nobody handles: end it, on both where it came by both.
stray:  pushw   %ax
        .ifndef XT
        movb    $0x0B, %al
        outb    %al, $0xA0
        inb     $0xA0, %al
        testb   %al, %al
        jz      1f
        movb    $0x20, %al
        outb    %al, $0xA0
        jmp     2f
1:
        .endif
        movb    $0x0B, %al
        outb    %al, $0x20
        inb     $0x20, %al
        testb   %al, %al
        jz      3f                      # spurious: there is nothing to end
2:      movb    $0x20, %al
        outb    %al, $0x20
3:      popw    %ax
        iret
