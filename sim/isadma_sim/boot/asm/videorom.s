# The BIOS of the display as an option ROM, for a BIOS that has none itself: INT 10h, and mode 3 (or 7).

        .code16
        .text
start:
        .include "data.s"
        .byte   0x55, 0xAA, VIDEO_ROM_BLOCKS
init:   pushw   %ds
        pushw   %es
        pusha
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    $(video - start), 0x10*4
        movw    %cs, 0x10*4+2
        movw    $(crtc_tables - start), 0x1D*4
        movw    %cs, 0x1D*4+2
        pushw   $BDA
        popw    %ds
        movw    $0x0003, %ax
        int     $0x10
        popa
        popw    %es
        popw    %ds
        lret

        .include "video.s"
        .org    VIDEO_ROM_BLOCKS * 512, 0
