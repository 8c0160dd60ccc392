/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Restart files hold the keywords of pair_style as words, the names of the potential files with their checksums and the
 * element of each atom type; the potential itself is read again. Of sub-styles of a hybrid style LAMMPS keeps the settings
 * alone: the keywords. */
#include "pair_xpotace.h"

#include "evaluator.h"
#include "grade_watch.h"
#include "neighbour_sources.h"
#include "potential_files.h"

#include "atom.h"
#include "comm.h"
#include "error.h"

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

constexpr int FORMAT = 3;
constexpr int FORMAT_WITHOUT_SETTINGS = 1; // no keyword
// What settings begin with, where older files of hybrid styles, without settings, have 0 or 1.
constexpr int PRECISION_MARK = 0x58504f54; // of format 2, one number: mixed or not
constexpr int WORDS_MARK = 0x58504f55;     // how many words, and these
constexpr int MAX_WORDS = 1024;
constexpr int MAX_WORD = 65536; // longer than any path

void write_int(FILE *fp, int value) {
  fwrite(&value, sizeof value, 1, fp);
}

void write_word(FILE *fp, const std::string &word) {
  write_int(fp, (int)word.size());
  fwrite(word.data(), 1, word.size(), fp);
}

// Rank 0 reads, every rank gets the value.
class RestartReader : protected Pointers {
public:
  RestartReader(LAMMPS *lmp, FILE *fp) : Pointers(lmp), fp(fp) {}

  // Whether the next number is this one; it is skipped then.
  bool skip(int expected) {
    if (next() == expected) return true;
    if (comm->me == 0 && fseek(fp, -(long)sizeof expected, SEEK_CUR) != 0)
      error->one(FLERR, "restart file, section of pair_style xpotace: cannot go back in the file: {}",
                 utils::getsyserror());
    return false;
  }

  int integer(int low, int high) {
    const int value = next();
    if (value < low || value > high)
      error->all(FLERR,
                 "restart file, section of pair_style xpotace: expected a number from {} to {}, found {}; the file was "
                 "written by another version or is damaged",
                 low, high, value);
    return value;
  }

  std::string word() {
    std::string text((size_t)integer(0, MAX_WORD), '\0');
    if (comm->me == 0 && !text.empty()) utils::sfread(FLERR, text.data(), 1, text.size(), fp, nullptr, error);
    MPI_Bcast(text.data(), (int)text.size(), MPI_CHAR, 0, world);
    return text;
  }

private:
  int next() {
    int value = 0;
    if (comm->me == 0) utils::sfread(FLERR, &value, sizeof value, 1, fp, nullptr, error);
    MPI_Bcast(&value, 1, MPI_INT, 0, world);
    return value;
  }

  FILE *fp;
};

} // namespace

void PairXpotAce::write_restart_settings(FILE *fp) {
  write_int(fp, WORDS_MARK);
  write_int(fp, (int)kept.size());
  for (const auto &word : kept) write_word(fp, word);
}

void PairXpotAce::read_restart_settings(FILE *fp) {
  RestartReader reader(lmp, fp);
  std::vector<std::string> words;
  if (reader.skip(WORDS_MARK))
    for (int n = reader.integer(0, MAX_WORDS); n > 0; --n) words.push_back(reader.word());
  else if (reader.skip(PRECISION_MARK) && reader.integer(0, 1) != 0)
    words = {"precision", "mixed"};
  std::vector<char *> arguments;
  for (auto &word : words) arguments.push_back(word.data());
  settings((int)arguments.size(), arguments.data());
}

void PairXpotAce::write_restart(FILE *fp) {
  write_int(fp, FORMAT);
  write_restart_settings(fp);
  write_int(fp, (int)potential->files().size());
  for (const auto &file : potential->files()) {
    write_word(fp, file.name);
    write_word(fp, file.digest);
  }
  if (potential->files().empty()) return;
  for (int type = 1; type <= atom->ntypes; ++type) write_word(fp, map[type] < 0 ? "NULL" : elements[map[type]]);
}

void PairXpotAce::read_restart(FILE *fp) {
  RestartReader reader(lmp, fp);
  if (reader.integer(FORMAT_WITHOUT_SETTINGS, FORMAT) != FORMAT_WITHOUT_SETTINGS) read_restart_settings(fp);
  const int nfiles = reader.integer(0, PotentialFiles::MOST_FILES);
  std::vector<std::string> names, digests, words;
  for (int i = 0; i < nfiles; ++i) {
    names.push_back(reader.word());
    digests.push_back(reader.word());
  }
  if (nfiles == 0) return;
  std::vector<char *> arguments;
  for (int type = 1; type <= atom->ntypes; ++type) words.push_back(reader.word());
  for (auto &word : words) arguments.push_back(word.data());
  load(nfiles, names.data(), digests.data(), atom->ntypes, arguments.data());
}

} // namespace XPOT_NS
