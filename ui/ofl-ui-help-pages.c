/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help, for people who have never flashed a drive. What it says is what the program does. */
#include "ofl-ui-help-pages.h"

#include <glib/gi18n.h>

const OflUiHelpPage ofl_ui_help_pages[] = {
  { "start",
    N_ ("The first time"),
    {
        N_ ("Firmware is the program inside a drive. Flashing replaces it. When that goes wrong, a "
            "drive may not work any more, so Optiflash looks first, keeps a backup where the drive "
            "can be read, and says “done” only when it has proof."),
        N_ ("# Practise first"),
        N_ ("Switch on practice drives in the preferences, choose one, and flash it. It exists only in "
            "this program: nothing you do with it can break anything."),
        N_ ("# Then your own drive"),
        N_ ("Choose it in the list, choose a firmware file for exactly this model, read what stands "
            "under “Does it fit?” and “Before you flash”, and press “Flash”. You are asked once more "
            "before anything is written."),
        N_ ("A drive that works and does what you want needs no new firmware."),
    } },
  { "drive",
    N_ ("Choosing a drive"),
    {
        N_ ("The list shows every optical drive that the computer sees, real ones first. A drive that "
            "is plugged in later appears by itself; F5 looks again."),
        N_ ("# Can it be flashed?"),
        N_ ("The page of a drive says so, and why not, where it cannot. “Is my drive served?” in the "
            "menu looks a model up without the drive."),
        N_ ("# A name that looks wrong"),
        N_ ("A name with wrong letters, as “K?-DT?S?”, means that what the drive says does not arrive as "
            "it was sent: mostly a bad cable, a bad adapter or too little power. Nothing is written to "
            "such a drive. Use another cable and look again; “Test the link” tells more."),
    } },
  { "backup",
    N_ ("What a backup is"),
    {
        N_ ("A copy of the firmware that is in your drive now and, where the drive can be asked for it, "
            "of what belongs to this one drive alone. It is read twice; only when both reads are equal "
            "is it stored."),
        N_ ("Before a write it is made by itself wherever the drive can be read. Where it cannot, you "
            "are told before you are asked."),
        N_ ("# What it is good for"),
        N_ ("It goes back to the drive that it was made of: “Backups” on the drive’s page, then "
            "“Restore”. It is not for another drive, even of the same model."),
        N_ ("# Where it is"),
        N_ ("In the folder that the preferences name. Keep a copy on another disk. The preferences also "
            "say how many of a drive are kept."),
    } },
  { "writing",
    N_ ("While it is written"),
    {
        N_ ("Take the disc out, use a good cable, and leave drive and computer switched on. A laptop "
            "should be plugged in."),
        N_ ("Each stage has a bar of its own. Where a drive does not tell how far it is, the time so far "
            "stands there, and how long it usually takes."),
        N_ ("# Stopping"),
        N_ ("Until the first command that changes the drive, “Cancel” stops the job, and the drive keeps "
            "the firmware that it had. After it nothing can be stopped, because half a firmware is worse "
            "than the old one or the new: the button gives way to a sentence that says so."),
        N_ ("# Several drives"),
        N_ ("The question before a write offers the other drives that the same file fits; each that you add "
            "has a job of its own. What runs stands below the page: “Jobs” there, or Alt and its "
            "underlined letter, lists the jobs and leads to each."),
        N_ ("# Closing the window"),
        N_ ("The write goes on. Where the Optiflash service runs it, it goes on even when the program ends; "
            "else Optiflash stays without a window, and shows itself again at the end."),
    } },
  { "maker",
    N_ ("The maker’s own program"),
    {
        N_ ("How some drives are written is not public, above all those of Lite-On and PLDS. What writes "
            "them is the program for Windows that their maker gave out. “The maker’s own program” on the "
            "drive’s page runs it under Wine and watches it."),
        N_ ("No maker’s program comes with Optiflash. Get it from the maker, for exactly your model. None "
            "could be had to try: what was seen to work are programs of our own, on practice drives."),
        N_ ("# What it protects from"),
        N_ ("The program runs closed off: it sees this one drive, and no other drive, file or network. "
            "Until its first command that could change the drive it only looks. Then the link is tested, "
            "what can be read is backed up, and you are asked."),
        N_ ("# What it does not protect from"),
        N_ ("A wrong firmware, or a program with a fault, can spoil this drive: after your yes nothing is "
            "held back. And while the program’s windows are shown, it can see your screen, and click and "
            "type in other windows. Hide them where the program needs nobody."),
        N_ ("# Ending it"),
        N_ ("Before your yes it can be ended at any time. After it only while the drive does not say that "
            "it is at work, and was sent nothing for two minutes that could change it."),
        N_ ("# The verdict"),
        N_ ("It is what the drive says afterwards, whatever the program shows: read back where the drive "
            "can be read and its firmware was found in the program, else by the revision that it names."),
    } },
  { "verdicts",
    N_ ("What the end means"),
    {
        N_ ("# Verified"),
        N_ ("What the drive holds was read back and equals the file, in the bytes that the page names."),
        N_ ("# Confirmed"),
        N_ ("The drive cannot be read back. It took everything and names the new firmware now."),
        N_ ("# Identical"),
        N_ ("The drive held it already; nothing was written."),
        N_ ("# Unchanged"),
        N_ ("The old firmware is still there, as far as the page says how that is known."),
        N_ ("# Unknown"),
        N_ ("Nothing proves either way; the drive may still be at work. Leave it switched on, and do what "
            "the page at the end says."),
        N_ ("# Needs recovery"),
        N_ ("The drive may not hold a whole firmware. “When it fails” says what to do."),
        N_ ("# Refused, cancelled, not touched"),
        N_ ("Nothing was sent that could change the drive."),
    } },
  { "fails",
    N_ ("When it fails"),
    {
        N_ ("The page that is shown at the end says what happened and what to do next. Do that first, and "
            "in that order."),
        N_ ("# The drive needs recovery"),
        N_ ("Do not throw it away. Many drives have a boot code that still answers and takes a firmware. "
            "“Recover” on the drive’s page says in which state the drive is and which way leads back: the "
            "same file again, or its own backup."),
        N_ ("# The power failed, or the program was killed"),
        N_ ("At the next start a bar says that a job never ended. Its journal tells how far it had come."),
        N_ ("# Again and again"),
        N_ ("Try another cable, another port of the computer, and without a USB hub. “Is my drive broken?” "
            "looks at the drive itself; it never writes."),
        N_ ("# Telling others"),
        N_ ("“Copy report” on the last page has all that somebody needs who is to help you."),
    } },
  { "practice",
    N_ ("Practice drives"),
    {
        N_ ("They behave as far as is publicly known like real ones, with the same times, the same "
            "questions and the same verdicts. Where nobody knows, a practice drive guesses, and its page "
            "says what."),
        N_ ("# Practise the worst"),
        /* xgettext:no-c-format */
        N_ ("The button “Practise the worst” above a practice drive breaks it on purpose: a bad cable, power "
            "that goes at 40 % of the burn, a drive that accepts everything and keeps the old firmware, "
            "one that hangs, or a pulled plug, also in the middle of a write. It stays so until you mend "
            "it."),
        N_ ("# Files for them"),
        N_ ("They take made-up firmware only. “optiflashctl practice image bu40n 1.03 new.bin” in a "
            "terminal makes a file; “optiflashctl practice reset” lets all of them be new again."),
    } },
  { "permission",
    N_ ("Permissions"),
    {
        N_ ("You do not need to be root. The user who sits at the computer may open its drives, and so may "
            "members of the group “cdrom”."),
        N_ ("# A drive that may not be opened"),
        N_ ("Its page says what is missing, with the one line for a terminal that mends it. After joining a "
            "group, log out and in again."),
        N_ ("# The kernel module “sg”"),
        N_ ("Firmware goes through it, and nothing loads it by itself where Optiflash is not installed: "
            "“sudo modprobe sg” in a terminal does, until the computer is switched off."),
    } },
};

const gsize ofl_ui_n_help_pages = G_N_ELEMENTS (ofl_ui_help_pages);
