# The BIOS data area (segment 40h), and the frame that the handlers make with pusha.

        .set BDA, 0x40
        .set EQUIPMENT, 0x10
        .set MEMORY_KB, 0x13
        .set SHIFTS, 0x17               # Bit 0 right, 1 left shift, 2 Ctrl, 3 Alt, 4 Scroll, 5 Num, 6 Caps Lock
        .set SHIFTS_2, 0x18
        .set ALT_PAD, 0x19
        .set KEY_HEAD, 0x1A
        .set KEY_TAIL, 0x1C
        .set KEYS, 0x1E
        .set KEYS_END, 0x3E
        .set SEEK_STATE, 0x3E           # Bits 0-1: drive has been recalibrated; 7: the controller interrupted
        .set MOTOR_STATE, 0x3F
        .set MOTOR_TICKS, 0x40
        .set DISK_STATUS, 0x41
        .set DISK_RESULT, 0x42
        .set VIDEO_MODE, 0x49
        .set COLUMNS, 0x4A
        .set PAGE_BYTES, 0x4C
        .set PAGE_START, 0x4E
        .set CURSORS, 0x50
        .set CURSOR_SHAPE, 0x60
        .set PAGE, 0x62
        .set CRTC, 0x63
        .set MODE_REGISTER, 0x65
        .set PALETTE, 0x66
        .set RESET_TO, 0x67
        .set TICKS, 0x6C
        .set MIDNIGHT, 0x70
        .set BREAK, 0x71
        .set WARM, 0x72
        .set KEYS_FIRST, 0x80
        .set KEYS_LAST, 0x82
        .set ROWS, 0x84
        .set MEDIA, 0x90                # Bits 7-6: data rate; 4: it is known
        .set CYLINDER, 0x94
        .set SHIFTS_3, 0x96

        # From BP: what pusha, ES and DS left.
        .set F_BX, 8
        .set F_BL, 8
        .set F_BH, 9
        .set F_DX, 10
        .set F_DL, 10
        .set F_DH, 11
        .set F_CX, 12
        .set F_CL, 12
        .set F_CH, 13
        .set F_AX, 14
        .set F_AL, 14
        .set F_AH, 15
        .set F_SI, 2
        .set F_DI, 0
        .set F_BP, 4
        .set F_ES, 16
        .set F_DS, 18
        .set F_FLAGS, 24

        .macro  enter_bios              # Save all, DS = the data area, BP = the frame
        pushw   %ds
        pushw   %es
        pusha
        movw    %sp, %bp
        pushw   $BDA
        popw    %ds
        cld
        .endm

        .macro  leave_bios
        popa
        popw    %es
        popw    %ds
        iret
        .endm
