/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Temporary files and folders. What cannot be made or removed fails the test. */
#ifndef XPOT_TESTING_TEMPORARY_H
#define XPOT_TESTING_TEMPORARY_H

#include <stddef.h>

/* The path of a new file in /tmp with size bytes of text. */
char *xp_test_file_new(const char *text, size_t size);

/* Removes the file, which the test may have done, and frees the path. */
void xp_test_file_remove(char *path);

/* The path of a new folder in PARENT. */
char *xp_test_folder_new(const char *parent);

/* FOLDER/NAME; caller frees. */
char *xp_test_folder_path(const char *folder, const char *name);

/* FOLDER/NAME for use at once; overwritten by the fourth call after this one. */
const char *xp_test_in_folder(const char *folder, const char *name);

/* Removes the folder with its files and frees the path. Hidden files are those that xp_output should have removed or
 * renamed: they stay, and the test fails. */
void xp_test_folder_remove(char *folder);

/* The same with the files of these names alone, NULL behind the last: some may be absent, but any other fails the test. */
void xp_test_folder_remove_known(char *folder, const char *const *names);

#endif
