# A small BIOS for a PC/AT or, with XT defined, a PC/XT: enough to boot a DOS from a floppy, every sector by DMA 2.
# 64 KiB at F000:0, GNU assembler, 16 bits. What two files share (offsets of the BIOS data area) is in data.s.
# Ref: IBM PC AT Technical Reference (1502494), BIOS interface and BIOS data area; PC/XT Technical Reference (6936808).

        .code16
        .text
start:
        .include "data.s"

        .org 0xE000, 0xFF
banner: .ascii "isadma BIOS, "
        .ifdef XT
        .ascii "PC/XT, "
        .else
        .ascii "PC/AT, "
        .endif
        .asciz "floppy by DMA channel 2\r\n"

        .include "post.s"
        .include "video.s"
        .include "disk.s"
        .include "keyboard.s"
        .include "clock.s"
        .include "serial.s"
        .include "system.s"

        # The reset vector, the date, the model.
        .org 0xFFF0, 0xFF
        ljmp    $0xF000, $(post - start)
        .ascii  "01/01/90"
        .byte   0xFF
        .ifdef XT
        .byte   0xFB
        .else
        .byte   0xFC
        .endif
        .byte   0
