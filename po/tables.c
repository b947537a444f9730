/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made by tests/words/tables.py of the families' tables, for xgettext alone: nothing compiles it. */
/* core/families/btc/btc.ini */
/* Translators: of a family of drives: name */
N_ ("BTC");
/* Translators: of a family of drives: evidence */
N_ ("one source");
/* Translators: of a family of drives: reads-reason */
N_ ("no way to read it back is public");
/* Translators: of a family of drives: eeprom-reason */
N_ ("no way to read it is public");
/* Translators: of a family of drives: writes-reason */
N_ ("data, a checksum, then a command that lets the drive save");
/* Translators: of a family of drives: verifies-reason */
N_ ("only the identity shows whether the drive took it");
/* Translators: of a family of drives: matches-reason */
N_ ("only the name that INQUIRY gives");
/* Translators: of a family of drives: recovery-elsewhere */
N_ ("Once it does not answer as itself, nothing that is public brings it back but an external programmer on its flash chip, for somebody who knows one.");
/* core/families/liteon/liteon.ini */
/* Translators: of a family of drives: name */
N_ ("Lite-On / PLDS");
/* Translators: of a family of drives: evidence */
N_ ("images from full sources; reading from one author, not confirmed on a drive");
/* Translators: of a family of drives: reads-reason */
N_ ("DF 83, known from one author only; off until the user chooses it, and never for DVD-ROM drives (their size is not known) nor for rebanked slim drives (their dumps come out damaged)");
/* Translators: of a family of drives: eeprom-reason */
N_ ("DF 89, known from the same author; off until the user chooses it");
/* Translators: of a family of drives: reads-warning */
N_ ("Read by a command that one author alone tells of and nobody has confirmed on a real drive. Both reads were equal and the drive's own name stands in it; whether every byte is right, nobody has shown.");
/* Translators: of a family of drives: eeprom-warning */
N_ ("Read by a command that one author alone tells of and nobody has confirmed on a real drive. Both reads were equal, and it is neither empty nor a repetition; whether it is right and whole, nobody has shown. It is this very drive's: keep it, and never write it to another one. How to write it is not public.");
/* Translators: of a family of drives: eeprom-damaged-warning */
N_ ("An EEPROM whose own checksum is wrong shows itself: the LED blinks orange, and no disc is recognised. “EEPROM Utility”, a program for Windows, is documented to mend that checksum.");
/* Translators: of a family of drives: writes-reason */
N_ ("how these drives are unlocked, erased and programmed is not public: no source tells the commands, and the loader differs from flash chip to flash chip");
/* Translators: of a family of drives: verifies-reason */
N_ ("a file can be compared with a dump, by the experimental read");
/* Translators: of a family of drives: elsewhere */
N_ ("the maker's own updater, a Windows EXE for this very model; LtnFW or Flash Utility under Windows, with a .BIN file; MTKFLASH under DOS, on an IDE port, where it can also hit another drive on the same cable");
/* Translators: of a family of drives: matches-reason */
N_ ("only the name, and the letter that the revision begins with");
/* Translators: of a family of drives: recovery-elsewhere */
N_ ("The maker's own updater for this very model, a Windows EXE, which also runs as root under Wine; LtnFW or Flash Utility under Windows, with a .BIN file; MTKFLASH under DOS, on an IDE port, with /b for the boot code. A light that blinks orange means a wrong checksum of the EEPROM, no light that the boot code is gone. When the computer hangs at its start with the drive, plug its ribbon in after the start. Restart the machine after a change of firmware.");
/* Translators: of a family of drives: recovery-never */
N_ ("Do not start MTKFLASH with another drive on the same cable: it can hit that one, too, and with a wrong number of the port a hard disk. Its version 1.80.1 left a drive dead; 1.83c is recommended.");
/* Translators: of a family of drives: title */
N_ ("Experimental reading");
/* Translators: of a family of drives: explanation */
N_ ("The commands that read firmware and EEPROM of these drives come from one author, who took them from another program, and nobody has published a log of their success. They only read. With “yes” (on) they are sent, and what comes back is checked: the drive's own name must stand in it, and two reads must be equal. With “no” (off) they are not sent. This choice is about reading firmware and EEPROM alone: a doctor that is told to look deeper has a listed model count the errors of a disc with “no”, too, by other commands of its maker.");
/* core/families/matshita/matshita.ini */
/* Translators: of a family of drives: name */
N_ ("Panasonic UJ-84x to UJ-89x");
/* Translators: of a family of drives: evidence */
N_ ("two independent sources, one of them a log of the maker's updater");
/* Translators: of a family of drives: reads-reason */
N_ ("what is known reads the drive's working memory, and nothing shows that its flash is in it");
/* Translators: of a family of drives: eeprom-reason */
N_ ("no way to read it is public");
/* Translators: of a family of drives: writes-reason */
N_ ("in pieces, each read back from the drive's buffer and compared before the burn");
/* Translators: of a family of drives: verifies-reason */
N_ ("only the buffer is compared, before the burn; when the drive was switched off and on its identity shows whether it took it");
/* Translators: of a family of drives: matches-reason */
N_ ("only the name that INQUIRY gives");
/* Translators: of a family of drives: recovery-elsewhere */
N_ ("Once it does not answer as itself, no way to bring it back is public.");
/* core/families/mt1959/mt1959.ini */
/* Translators: of a family of drives: name */
N_ ("MediaTek MT1959");
/* Translators: of a family of drives: evidence */
N_ ("two independent sources");
/* Translators: of a family of drives: reads-reason */
N_ ("the whole flash, 2 MiB, read twice; not while only the boot code runs");
/* Translators: of a family of drives: eeprom-reason */
N_ ("the parts of the flash that belong to this very drive, stored apart");
/* Translators: of a family of drives: writes-reason */
N_ ("in the two ways that two sources describe");
/* Translators: of a family of drives: verifies-reason */
N_ ("all that was sent is read back and compared, but for what the drive writes itself, which the verdict names");
/* Translators: of a family of drives: matches-reason */
N_ ("the chip's tag, the boot code's banner and the SVC code of the sticker, read from the drive");
/* Translators: of a family of drives: recovery */
N_ ("While its boot code answers (revision BOOT, the light blinks twice in three seconds) it takes an image by the same commands as its firmware does. Chip, board and model decide which.");
/* Translators: of a family of drives: recovery-elsewhere */
N_ ("When nothing answers any more, an external programmer on the board's serial flash chip, for somebody who knows one: the content of the chip is the maker's image, byte by byte, but for what the drive writes itself and for the last 64 KiB, which are this very drive's calibration.");
/* Translators: of a family of drives: recovery-never */
N_ ("Do not send the image of a board of another group. Do not put a dump that was read from a drive into the chip as it is: in place of its boot page it has another page.");
/* Translators: of a family of drives: title */
N_ ("Way of writing");
/* Translators: of a family of drives: explanation */
N_ ("Two public sources differ. “oem” sends the file as it is, as the maker's updater does, and then a commit; it is the default because it refuses files with a wrong boot page and checks chip and status. “redumper” leaves the first 64 KiB, the boot area, to the drive and sends no commit; it is the one that can write back a dump read from a drive, and is taken for such a file when nothing is chosen.");
/* Translators: of a family of drives: title */
N_ ("Encrypt the file on its way");
/* Translators: of a family of drives: explanation */
N_ ("Some drives take the file only encrypted; which, depends on the code that runs in the drive now. “auto” goes by its date: older than 2020 takes it as it is, newer wants it encrypted, but for firmware changed for MakeMKV, which says so in INQUIRY. A drive that wants the other form refuses with sense 05/24/00 and stays as it was: then choose “no” or “yes”.");
/* Translators: of a family of drives: title */
N_ ("Read back");
/* Translators: of a family of drives: explanation */
N_ ("What the image's own integrity table covers is read back and compared, without the parts that the drive writes itself.");
/* core/families/nec/nec.ini */
/* Translators: of a family of drives: name */
N_ ("NEC / Optiarc");
/* Translators: of a family of drives: evidence */
N_ ("one source, long in use");
/* Translators: of a family of drives: reads-reason */
N_ ("all types but a few, some of them in their safe mode, read twice");
/* Translators: of a family of drives: eeprom-reason */
N_ ("no way to read it apart from the firmware is public");
/* Translators: of a family of drives: writes-reason */
N_ ("all ways of writing that the source has; the boot code is never written");
/* Translators: of a family of drives: verifies-reason */
N_ ("what was written is read back and compared, where the type can be read");
/* Translators: of a family of drives: matches-reason */
N_ ("the type that the drive tells by a command of its own");
/* Translators: of a family of drives: recovery */
N_ ("In safe mode (its revision begins with 0) it takes a firmware by the same commands; which one, its boot code decides.");
/* Translators: of a family of drives: recovery-never */
N_ ("Do not write the boot code: one that goes wrong leaves nothing that could take a firmware.");
/* Translators: of a family of drives: title */
N_ ("Note the boot code in a dump");
/* Translators: of a family of drives: explanation */
N_ ("A dump ends with the version of the boot code that it fits, and older drives tell that only in safe mode. “yes” (on) lets the drive enter and leave safe mode after everything was read, as the source does; without the note, writing the dump back needs a confirmation of its own. “no” (off) only reads.");
/* core/families/pioneer/pioneer.ini */
/* Translators: of a family of drives: name */
N_ ("Pioneer");
/* Translators: of a family of drives: evidence */
N_ ("two public sources for DVD writers, one group of authors for BD writers");
/* Translators: of a family of drives: reads-reason */
N_ ("kernel and firmware of BD writers, each with a sum by which it checks itself; no way to read DVD writers is public");
/* Translators: of a family of drives: eeprom-reason */
N_ ("no way to read it is public");
/* Translators: of a family of drives: writes-reason */
N_ ("DVD writers; of BD writers only a signed Normal for the same SAT, kernel and model, which one group of authors tells, and only after “experimental” is switched on");
/* Translators: of a family of drives: verifies-reason */
N_ ("what was written to a BD writer is read back and compared; of DVD writers only the identity shows whether the drive took it");
/* Translators: of a family of drives: matches-reason */
N_ ("the type of the kernel, as the drive tells it, and of BD writers the SAT");
/* Translators: of a family of drives: recovery */
N_ ("In kernel mode (revision 0000, of BD writers 000x) it keeps taking firmware: the same write again. Of BD writers this is one group's word, proven on no drive by its authors.");
/* Translators: of a family of drives: recovery-never */
N_ ("Do not write a Kernel: one that was lost has no way back but the maker.");
/* Translators: of a family of drives: title */
N_ ("Experimental writing of BD writers");
/* Translators: of a family of drives: explanation */
N_ ("How a BD writer (BDR) is written is known from one group of authors, who replayed what the maker's updater sends; we have tried it on no drive. With “yes” (on) a file is written when it is a Normal for the same SAT number, kernel and model, its signature fits, and a backup was made; all else stays refused. With “no” (off) a BD writer is only read. DVD writers need no “yes”.");
/* core/families/plextor/plextor.ini */
/* Translators: of a family of drives: name */
N_ ("Plextor");
/* Translators: of a family of drives: evidence */
N_ ("two independent sources");
/* Translators: of a family of drives: reads-reason */
N_ ("no way to read the firmware is public");
/* Translators: of a family of drives: eeprom-reason */
N_ ("in the form that the model has: one part of 256 or 512 bytes, or four of 256");
/* Translators: of a family of drives: writes-reason */
N_ ("in the two ways that two sources describe");
/* Translators: of a family of drives: verifies-reason */
N_ ("only the identity shows whether the drive took it");
/* Translators: of a family of drives: matches-reason */
N_ ("only the name that INQUIRY gives");
/* Translators: of a family of drives: recovery-elsewhere */
N_ ("Once it does not answer as itself, nothing that is public brings it back but an external programmer on its flash chip, for somebody who knows one.");
/* Translators: of a family of drives: title */
N_ ("Way of writing");
/* Translators: of a family of drives: explanation */
N_ ("Two public sources differ. “pxfw” expects that the drive resets itself with the last piece and goes by what the drive says of itself afterwards; it is the default because the answer to the last piece is lost when a drive resets, and that must not look like a failure. It knows no way for the PX-W2410A, PX-W4012A, PX-W4012S and PX-704A. “redumper” asks for readiness before every piece, wants the last piece answered well, and knows these models too.");
/* Translators: of a family of drives: title */
N_ ("Size of a piece");
/* Translators: of a family of drives: explanation */
N_ ("The sources disagree: pxfw sends 16384 bytes to the PX-W4824A and PX-W5224A and 4096 to all others; redumper sends 16384 to the PX-W2410A, PX-712A, 714A, 716A, 716AL, 755A and 760A and 4096 to all others. “own” takes what the chosen way of writing sends to this very model; it is the default because each size is known only together with its own way of writing. Take the other one only when the drive refuses the first piece.");
/* core/families/renesas/renesas.ini */
/* Translators: of a family of drives: name */
N_ ("HL-DT-ST Renesas");
/* Translators: of a family of drives: evidence */
N_ ("one public source");
/* Translators: of a family of drives: reads-reason */
N_ ("MAIN or CORE from the drive's memory, read twice");
/* Translators: of a family of drives: eeprom-reason */
N_ ("no way to read it is public");
/* Translators: of a family of drives: writes-reason */
N_ ("into a cache, and the last piece lets the drive burn");
/* Translators: of a family of drives: verifies-reason */
N_ ("what was written is read back from memory and compared");
/* Translators: of a family of drives: matches-reason */
N_ ("the header of the firmware, read from the drive's memory");
/* Translators: of a family of drives: recovery-elsewhere */
N_ ("Once it does not answer as itself, nothing that is public brings it back but an external programmer on its flash chip, for somebody who knows one.");
/* Translators: of a family of drives: why */
N_ ("The source of this family's commands names a GDR8164B among its examples, but most of these drives have another maker's chip (Panasonic), and how that is read or written is not public. It is not asked for anything but its identity.");
/* core/families/se506/se506.ini */
/* Translators: of a family of drives: name */
N_ ("Samsung SE-506");
/* Translators: of a family of drives: evidence */
N_ ("a trace of the maker's updater, its description, and one source");
/* Translators: of a family of drives: reads-reason */
N_ ("as the drive's memory, 2 MiB, read twice");
/* Translators: of a family of drives: eeprom-reason */
N_ ("no way to read it is public");
/* Translators: of a family of drives: writes-reason */
N_ ("as the maker's updater does");
/* Translators: of a family of drives: verifies-reason */
N_ ("what the drive programs is read back and compared, from 10000h to the end");
/* Translators: of a family of drives: matches-reason */
N_ ("only the name that INQUIRY gives");
/* Translators: of a family of drives: recovery */
N_ ("While its boot code answers (revision BOOT) it takes an image by the same commands. The boot code itself is write-protected or passed over, so it stays.");
/* core/families/standard/standard.ini */
/* Translators: of a family of drives: name */
N_ ("Standard download");
/* Translators: of a family of drives: evidence */
N_ ("the SCSI standard, and for experts only");
/* Translators: of a family of drives: reads-reason */
N_ ("the standard has no way to read microcode back");
/* Translators: of a family of drives: eeprom-reason */
N_ ("the standard knows none");
/* Translators: of a family of drives: writes-reason */
N_ ("for experts: nothing in the standard ties a file to a drive");
/* Translators: of a family of drives: verifies-reason */
N_ ("only the revision shows whether the drive took it");
/* Translators: of a family of drives: matches-reason */
N_ ("only the name that INQUIRY gives");
/* Translators: of a family of drives: recovery */
N_ ("A drive that shows BOOT may take the same file again; no source says so.");
/* Translators: of a family of drives: recovery-elsewhere */
N_ ("Otherwise whatever the drive's maker says.");
/* Translators: of a family of drives: title */
N_ ("Way of writing");
/* Translators: of a family of drives: explanation */
N_ ("“07” sends pieces with their offsets, each saved as it comes. “05” sends the whole file in one transfer, which carries at most 64 KiB. “0E” sends pieces with their offsets and lets the drive activate them all at the end. Take the one that the drive's maker names.");
/* Translators: of a family of drives: title */
N_ ("Size of a piece");
/* Translators: of a family of drives: explanation */
N_ ("Bytes in one transfer. The smallest is the safest; the drive's time hardly depends on it.");
/* core/families/tsst/tsst.ini */
/* Translators: of a family of drives: name */
N_ ("TSST MT1339 and SD-616");
/* Translators: of a family of drives: evidence */
N_ ("one source");
/* Translators: of a family of drives: reads-reason */
N_ ("no way to read it is public");
/* Translators: of a family of drives: eeprom-reason */
N_ ("no way to read it is public");
/* Translators: of a family of drives: writes-reason */
N_ ("in blocks without offsets; two end codes are known");
/* Translators: of a family of drives: verifies-reason */
N_ ("only the identity shows whether the drive took it");
/* Translators: of a family of drives: matches-reason */
N_ ("only the name that INQUIRY gives");
/* Translators: of a family of drives: recovery-elsewhere */
N_ ("Once it does not answer as itself, nothing that is public brings it back but an external programmer on its flash chip, for somebody who knows one.");
/* Translators: of a family of drives: title */
N_ ("Code of the last block");
/* Translators: of a family of drives: explanation */
N_ ("The last block carries a code that lets the drive program its flash. The source sends 04 to drives with 256 KiB and 02 to those with 128 KiB, and calls it a code of the size, which is a guess: the SE-506 with 2 MiB takes 02 as well. “own” takes what the source sends to this very model; it is the default because the other code was never seen with it.");
