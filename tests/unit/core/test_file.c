/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "testing/temporary.h"
#include "testing/testing.h"
#include "xpot/file.h"

/* A new empty folder for every test. */
typedef struct fixture {
  char *folder, *path;
} fixture;

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (!f) return -1;
  f->folder = xp_test_folder_new("/tmp");
  f->path = xp_test_folder_path(f->folder, "out.txt");
  *state = f;
  return 0;
}

static int count_entries(const char *folder) {
  DIR *directory = opendir(folder);
  assert_non_null(directory);
  int count = 0;
  for (struct dirent *entry; (entry = readdir(directory));)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) ++count;
  closedir(directory);
  return count;
}

static int tear_down(void **state) {
  fixture *f = *state;
  chmod(f->folder, 0700);
  xp_test_folder_remove(f->folder);
  free(f->path);
  free(f);
  return 0;
}

static void assert_content(const char *path, const char *text) {
  xp_error error = {0};
  xp_bytes bytes;
  xp_assert_ok(xp_bytes_read(&bytes, path, &error), &error);
  assert_int_equal(bytes.size, strlen(text));
  assert_string_equal(bytes.data, text);
  assert_string_equal(bytes.name, path);
  xp_bytes_free(&bytes);
}

static void what_is_written_is_read(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_assert_ok(xp_file_write(f->path, "hello\n", 6, &error), &error);
  assert_content(f->path, "hello\n");
  xp_assert_ok(xp_file_write(f->path, "", 0, &error), &error);
  assert_content(f->path, "");
  assert_int_equal(count_entries(f->folder), 1);
}

static void zero_bytes_survive(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_bytes bytes;
  const char data[5] = {'a', '\0', 'b', '\n', '\0'};
  xp_assert_ok(xp_file_write(f->path, data, sizeof data, &error), &error);
  xp_assert_ok(xp_bytes_read(&bytes, f->path, &error), &error);
  assert_int_equal(bytes.size, sizeof data);
  assert_memory_equal(bytes.data, data, sizeof data);
  assert_int_equal(bytes.data[bytes.size], 0);
  xp_bytes_free(&bytes);
  xp_bytes_free(&bytes); /* an empty struct is allowed */
}

static void a_copy_owns_its_bytes(void **state) {
  (void)state;
  xp_error error = {0};
  xp_bytes bytes;
  char name[] = "name", data[] = "data";
  xp_assert_ok(xp_bytes_copy(&bytes, name, data, 4, &error), &error);
  name[0] = data[0] = 'X';
  assert_string_equal(bytes.name, "name");
  assert_string_equal(bytes.data, "data");
  xp_bytes_free(&bytes);
}

static void pipes_are_read_to_their_end(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_bytes bytes;
  assert_int_equal(mkfifo(f->path, 0600), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    char block[1000];
    memset(block, 'z', sizeof block);
    int out = open(f->path, O_WRONLY);
    for (int i = 0; i < 200; ++i)
      if (write(out, block, sizeof block) != (ssize_t)sizeof block) _exit(1);
    _exit(0);
  }
  xp_assert_ok(xp_bytes_read(&bytes, f->path, &error), &error);
  assert_int_equal(bytes.size, 200000);
  xp_bytes_free(&bytes);
}

static void unreadable_things_give_a_reason(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_bytes bytes;
  assert_int_equal(xp_bytes_read(&bytes, f->path, &error), XP_ERROR_IO);
  xp_assert_message(&error, f->path);
  xp_assert_message(&error, "No such file");
  assert_null(bytes.data);
  assert_int_equal(xp_bytes_read(&bytes, f->folder, &error), XP_ERROR_IO);
  xp_assert_message(&error, "directory");
  assert_int_equal(xp_bytes_read(&bytes, "/dev/zero", &error), XP_ERROR_IO);
  xp_assert_message(&error, "neither a regular file nor a pipe");
}

/* Tests of access rights mean nothing to an administrator, so they run as somebody else. */
enum { NOBODY = 65534 };

static bool become_nobody(void) {
  return geteuid() != 0 || seteuid(NOBODY) == 0;
}

static void become_oneself(void) {
  if (getuid() == 0) assert_int_equal(seteuid(0), 0);
}

static void an_unreadable_file_gives_a_reason(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_bytes bytes;
  xp_assert_ok(xp_file_write(f->path, "x", 1, &error), &error);
  assert_int_equal(chmod(f->path, 0), 0);
  assert_int_equal(chmod(f->folder, 0755), 0);
  assert_true(become_nobody());
  xp_status status = xp_bytes_read(&bytes, f->path, &error);
  become_oneself();
  assert_int_equal(status, XP_ERROR_IO);
  xp_assert_message(&error, "Permission denied");
}

static void known_digests(void **state) {
  (void)state;
  char digest[65];
  xp_bytes_sha256("", 0, digest);
  assert_string_equal(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  xp_bytes_sha256("abc", 3, digest);
  assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  xp_bytes_sha256(two_blocks, strlen(two_blocks), digest);
  assert_string_equal(digest, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  char *million = malloc(1000000);
  assert_non_null(million);
  memset(million, 'a', 1000000);
  xp_bytes_sha256(million, 1000000, digest);
  free(million);
  assert_string_equal(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* 64 bytes of text leave no room for the length in the same block; 55 just do. */
static void digests_at_block_edges(void **state) {
  (void)state;
  char text[65], digest[65];
  memset(text, 'a', sizeof text);
  xp_bytes_sha256(text, 55, digest);
  assert_string_equal(digest, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  xp_bytes_sha256(text, 56, digest);
  assert_string_equal(digest, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
  xp_bytes_sha256(text, 64, digest);
  assert_string_equal(digest, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

static void giving_up_leaves_the_old_file(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_output *output = NULL;
  xp_assert_ok(xp_file_write(f->path, "old", 3, &error), &error);
  xp_assert_ok(xp_output_open(&output, f->path, &error), &error);
  fputs("new and incomplete", xp_output_stream(output));
  fflush(xp_output_stream(output));
  assert_content(f->path, "old");
  xp_output_discard(output);
  assert_content(f->path, "old");
  assert_int_equal(count_entries(f->folder), 1);
  xp_output_discard(NULL);
}

static void a_missing_folder_is_noticed_at_once(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_output *output = NULL;
  char path[256];
  snprintf(path, sizeof path, "%s/none/out.txt", f->folder);
  assert_int_equal(xp_output_open(&output, path, &error), XP_ERROR_IO);
  assert_null(output);
  xp_assert_message(&error, "/none; create it first");
  xp_assert_ok(xp_file_write(f->path, "x", 1, &error), &error);
  snprintf(path, sizeof path, "%s/out.txt/inner.txt", f->folder); /* a file where a folder should be */
  assert_int_equal(xp_output_open(&output, path, &error), XP_ERROR_IO);
  xp_assert_message(&error, "Not a directory");
}

static void a_folder_is_not_a_file(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_output *output = NULL;
  assert_int_equal(xp_output_open(&output, f->folder, &error), XP_ERROR_IO);
  xp_assert_message(&error, "Is a directory");
}

static void a_read_only_folder_is_noticed_at_once(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_output *output = NULL;
  assert_int_equal(chmod(f->folder, 0555), 0);
  assert_true(become_nobody());
  xp_status status = xp_output_open(&output, f->path, &error);
  become_oneself();
  assert_int_equal(status, XP_ERROR_IO);
  assert_null(output);
  xp_assert_message(&error, "Permission denied");
}

static void a_full_disk_is_a_sentence(void **state) {
  (void)state;
  xp_error error = {0};
  if (access("/dev/full", W_OK) != 0) skip();
  assert_int_equal(xp_file_write("/dev/full", "x", 1, &error), XP_ERROR_IO);
  xp_assert_message(&error, "No space left");
  xp_assert_message(&error, "make room");
  assert_int_equal(access("/dev/full", W_OK), 0); /* still a device */
}

/* A limit on the size of files fails in the middle of a write, as a disk does that fills up. */
static void a_write_that_fails_half_way_leaves_the_old_file(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_output *output = NULL;
  struct rlimit old, small;
  xp_assert_ok(xp_file_write(f->path, "old", 3, &error), &error);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
  small = (struct rlimit){.rlim_cur = 10000, .rlim_max = old.rlim_max};
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  xp_status opened = xp_output_open(&output, f->path, &error), status = XP_OK;
  if (opened == XP_OK) {
    for (int i = 0; i < 100000; ++i) fputs("0123456789\n", xp_output_stream(output));
    status = xp_output_commit(output, &error);
  }
  setrlimit(RLIMIT_FSIZE, &old);
  signal(SIGXFSZ, handler);
  assert_int_equal(opened, XP_OK);
  assert_int_equal(status, XP_ERROR_IO);
  xp_assert_message(&error, f->path);
  assert_content(f->path, "old");
  assert_int_equal(count_entries(f->folder), 1);
}

static void links_and_access_rights_are_kept(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  char link[256];
  struct stat information;
  snprintf(link, sizeof link, "%s/link", f->folder);
  xp_assert_ok(xp_file_write(f->path, "old", 3, &error), &error);
  assert_int_equal(chmod(f->path, 0640), 0);
  assert_int_equal(symlink(f->path, link), 0);
  xp_assert_ok(xp_file_write(link, "new", 3, &error), &error);
  assert_content(f->path, "new");
  assert_int_equal(lstat(link, &information), 0);
  assert_true(S_ISLNK(information.st_mode));
  assert_int_equal(stat(f->path, &information), 0);
  assert_int_equal(information.st_mode & 0777, 0640);
}

enum { LEFTOVERS = 40 };

/* A name this process would use next. */
static const char *leftover(const fixture *f, int i) {
  char name[64];
  snprintf(name, sizeof name, ".xpot-%ld-%d.tmp", (long)getpid(), i);
  return xp_test_in_folder(f->folder, name);
}

static void leftovers_of_a_killed_program_do_not_matter(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  for (int i = 0; i < LEFTOVERS; ++i) {
    FILE *stream = fopen(leftover(f, i), "w");
    assert_non_null(stream);
    fclose(stream);
  }
  xp_assert_ok(xp_file_write(f->path, "x", 1, &error), &error);
  assert_content(f->path, "x");
  for (int i = 0; i < LEFTOVERS; ++i) assert_int_equal(unlink(leftover(f, i)), 0);
}

static void names_without_a_folder_go_to_the_current_one(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  char *here = getcwd(NULL, 0);
  assert_non_null(here);
  assert_int_equal(chdir(f->folder), 0);
  xp_status status = xp_file_write("out.txt", "x", 1, &error);
  assert_int_equal(chdir(here), 0);
  free(here);
  xp_assert_ok(status, &error);
  assert_content(f->path, "x");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(what_is_written_is_read, set_up, tear_down),
      cmocka_unit_test_setup_teardown(zero_bytes_survive, set_up, tear_down),
      cmocka_unit_test(a_copy_owns_its_bytes),
      cmocka_unit_test_setup_teardown(pipes_are_read_to_their_end, set_up, tear_down),
      cmocka_unit_test_setup_teardown(unreadable_things_give_a_reason, set_up, tear_down),
      cmocka_unit_test_setup_teardown(an_unreadable_file_gives_a_reason, set_up, tear_down),
      cmocka_unit_test(known_digests),
      cmocka_unit_test(digests_at_block_edges),
      cmocka_unit_test_setup_teardown(giving_up_leaves_the_old_file, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_missing_folder_is_noticed_at_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_folder_is_not_a_file, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_read_only_folder_is_noticed_at_once, set_up, tear_down),
      cmocka_unit_test(a_full_disk_is_a_sentence),
      cmocka_unit_test_setup_teardown(a_write_that_fails_half_way_leaves_the_old_file, set_up, tear_down),
      cmocka_unit_test_setup_teardown(links_and_access_rights_are_kept, set_up, tear_down),
      cmocka_unit_test_setup_teardown(leftovers_of_a_killed_program_do_not_matter, set_up, tear_down),
      cmocka_unit_test_setup_teardown(names_without_a_folder_go_to_the_current_one, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
