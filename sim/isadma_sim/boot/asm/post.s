# From the reset vector to the boot sector: chips, vectors, data area, sizes.

post:   cli
        cld
        .ifndef XT
        # An AT's processor is reset to come back from protected mode: CMOS says where to.
        movb    $0x8F, %al
        outb    %al, $0x70
        inb     $0x71, %al
        movb    %al, %bl
        movb    $0x8F, %al
        outb    %al, $0x70
        xorb    %al, %al
        outb    %al, $0x71
        cmpb    $0x0A, %bl
        je      resume
        cmpb    $0x05, %bl
        jne     cold
        movb    $0x20, %al
        outb    %al, $0xA0
        outb    %al, $0x20
resume: pushw   $BDA
        popw    %ds
        ljmpw   *RESET_TO
cold:
        .endif
        xorw    %ax, %ax
        movw    %ax, %ss
        movw    $0x7000, %sp
        movw    %ax, %ds
        movw    %ax, %es

        # The DMA controllers: all channels masked; channel 0 of the second is the cascade.
        outb    %al, $0x0D
        .ifdef XT
        # Channel 0 refreshes the memory, each 72 clocks.
        movb    $0xFF, %al
        outb    %al, $0x01
        outb    %al, $0x01
        movb    $0x58, %al
        outb    %al, $0x0B
        xorb    %al, %al
        outb    %al, $0x0A
        .else
        outb    %al, $0xDA
        outb    %al, $0x8F
        movb    $0xC0, %al
        outb    %al, $0xD6
        xorb    %al, %al
        outb    %al, $0xD4
        .endif
        # The timer: channel 1 for the refresh, channel 0 for the tick.
        movb    $0x54, %al
        outb    %al, $0x43
        movb    $18, %al
        outb    %al, $0x41
        movb    $0x36, %al
        outb    %al, $0x43
        xorb    %al, %al
        outb    %al, $0x40
        outb    %al, $0x40

        # The interrupt controllers, with all masked.
        .ifdef XT
        movb    $0x13, %al
        outb    %al, $0x20
        movb    $0x08, %al
        outb    %al, $0x21
        movb    $0x09, %al
        outb    %al, $0x21
        .else
        movb    $0x11, %al
        outb    %al, $0x20
        outb    %al, $0xA0
        movb    $0x08, %al
        outb    %al, $0x21
        movb    $0x70, %al
        outb    %al, $0xA1
        movb    $0x04, %al
        outb    %al, $0x21
        movb    $0x02, %al
        outb    %al, $0xA1
        movb    $0x01, %al
        outb    %al, $0x21
        outb    %al, $0xA1
        movb    $0xFF, %al
        outb    %al, $0xA1
        .endif
        movb    $0xFF, %al
        outb    %al, $0x21

        # Vectors: all to `nothing`, those of the controllers to `stray`, then the table.
        xorw    %di, %di
        movw    $0x78, %cx
1:      movw    $(nothing - start), %ax
        stosw
        movw    $0xF000, %ax
        stosw
        loop    1b
        movw    $(0x08 * 4), %di
        call    strays
        .ifndef XT
        movw    $(0x70 * 4), %di
        call    strays
        .endif
        movw    $(vectors - start), %si
2:      movw    %cs:(%si), %di
        addw    $2, %si
        testw   %di, %di
        jz      3f
        movw    %cs:(%si), %ax
        addw    $2, %si
        stosw
        movw    $0xF000, %ax
        stosw
        jmp     2b
3:      movw    $0, %es:0x1F*4          # no graphics characters
        movw    $0, %es:0x1F*4+2

        # The data area, without the word that says how warm the boot is.
        pushw   $BDA
        popw    %ds
        pushw   %ds
        popw    %es
        pushw   WARM
        xorw    %di, %di
        xorw    %ax, %ax
        movw    $0x80, %cx
        rep stosw
        popw    WARM
        movw    $KEYS, KEY_HEAD
        movw    $KEYS, KEY_TAIL
        movw    $KEYS, KEYS_FIRST
        movw    $KEYS_END, KEYS_LAST

        call    equipment
        call    memory_size
        movb    EQUIPMENT, %al
        andb    $0x30, %al
        cmpb    $0x30, %al
        movw    $0x0003, %ax
        jne     4f
        movb    $0x07, %al
4:      int     $0x10
        call    serial_init
        call    keyboard_init
        call    clock_init
        movb    $0xB8, %al              # tick, keyboard, cascade, floppy
        outb    %al, $0x21
        .ifndef XT
        movb    $0xFE, %al              # the clock's alarm
        outb    %al, $0xA1
        .endif
        sti
        call    disk_init
        movw    $(banner - start), %si
        call    print
        int     $0x19

strays: movw    $8, %cx
1:      movw    $(stray - start), %ax
        stosw
        movw    $0xF000, %ax
        stosw
        loop    1b
        ret

        # What is plugged in: an AT's CMOS says it, a PC/XT's switches.
equipment:
        .ifdef XT
        xorb    %al, %al
        outb    %al, $0x61
        inb     $0x62, %al
        andb    $0x0F, %al
        movb    %al, %bl
        movb    $0x08, %al
        outb    %al, $0x61
        inb     $0x62, %al
        shlb    $4, %al
        orb     %bl, %al
        andb    $0xF1, %al
        .else
        movb    $0x14, %al
        call    cmos
        .endif
        movb    %al, EQUIPMENT
        movb    $0x02, EQUIPMENT+1      # one serial port
        ret

memory_size:
        .ifdef XT
        # Sixteen KiB after another, until one does not keep what is written.
        movw    $16, %bx
        movw    $0x0400, %dx
1:      movw    %dx, %es
        movw    $0xA55A, %es:0
        cmpw    $0xA55A, %es:0
        jne     2f
        addw    $16, %bx
        addw    $0x0400, %dx
        cmpw    $0xA000, %dx
        jb      1b
2:      movw    %bx, MEMORY_KB
        .else
        movb    $0x15, %al
        call    cmos
        movb    %al, MEMORY_KB
        movb    $0x16, %al
        call    cmos
        movb    %al, MEMORY_KB+1
        .endif
        ret

        # AL = byte AL of CMOS.
cmos:   outb    %al, $0x70
        inb     $0x71, %al
        ret

        # Print at CS:SI, up to a zero.
print:  movb    %cs:(%si), %al
        incw    %si
        testb   %al, %al
        jz      1f
        movb    $0x0E, %ah
        movw    $0x0007, %bx
        int     $0x10
        jmp     print
1:      ret

vectors:
        .word   0x05*4, nothing - start
        .word   0x08*4, tick - start
        .word   0x09*4, key - start
        .word   0x0E*4, disk_interrupt - start
        .word   0x10*4, video - start
        .word   0x11*4, get_equipment - start
        .word   0x12*4, get_memory - start
        .word   0x13*4, disk - start
        .word   0x14*4, serial - start
        .word   0x15*4, system - start
        .word   0x16*4, keyboard - start
        .word   0x17*4, printer - start
        .word   0x18*4, no_disk - start
        .word   0x19*4, boot - start
        .word   0x1A*4, clock - start
        .word   0x1D*4, crtc_tables - start
        .word   0x1E*4, disk_table - start
        .ifndef XT
        .word   0x70*4, clock_interrupt - start
        .endif
        .word   0
