/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A team of threads that ThreadSanitizer understands, for kernels on teams (lammps-plugin/device/team.h): it sees what
 * std::barrier orders, but nothing of OpenMP's barriers. */
#ifndef XPOT_TEST_THREAD_MEMBER_H
#define XPOT_TEST_THREAD_MEMBER_H

#include "device/team.h"

#include <algorithm>
#include <barrier>
#include <memory>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

namespace XPOT_NS::device {

// Barriers that a team leaves out, so that it races: one, counted from 0, or these.
enum { NO_BARRIER = -1, EVERY_BARRIER = -2 };

struct ThreadLeague {
  int teams, workers; // of a team
  unsigned seed;
  int without; // barrier
};

// What the members of a team share.
struct ThreadTeam {
  const ThreadLeague &league;
  int rank;
  std::barrier<> barrier;

  ThreadTeam(const ThreadLeague &of, int team) : league(of), rank(team), barrier(of.workers) {}
};

class ThreadMember {
public:
  ThreadMember(ThreadTeam &team, int rank)
      : team_(team), rank_(rank), random_(team.league.seed + (unsigned)team.rank) {}

  int league_rank() const { return team_.rank; }
  int league_size() const { return team_.league.teams; }
  int team_rank() const { return rank_; }
  int team_size() const { return team_.league.workers; }
  void team_barrier() const {
    const int without = team_.league.without;
    if (without != EVERY_BARRIER && without != barriers_++) team_.barrier.arrive_and_wait();
  }

  // f(piece) of this member's pieces. All members draw the same order, so that every piece has one of them, whom nobody can
  // foretell from the loop before.
  template <class F> void share(int count, const F &f) const {
    std::vector<int> order(count);
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random_);
    for (int k = rank_; k < count; k += team_size()) f(order[k]);
  }

private:
  ThreadTeam &team_;
  int rank_;
  mutable std::mt19937 random_;
  mutable int barriers_ = 0; // so far
};

// The lanes of an item go to different threads, too: on a GPU they are.
template <int LANES, class F> void team_each(const ThreadMember &member, int count, const F &f) {
  member.share(count * LANES, [&](int piece) { f(piece / LANES, piece % LANES); });
}

// work(member) on all threads at once.
template <class F> void run_league(const ThreadLeague &league, const F &work) {
  std::vector<std::unique_ptr<ThreadTeam>> teams;
  std::vector<std::thread> threads;
  for (int rank = 0; rank < league.teams; ++rank) teams.push_back(std::make_unique<ThreadTeam>(league, rank));
  for (const auto &team : teams)
    for (int rank = 0; rank < league.workers; ++rank)
      threads.emplace_back([&work, &team, rank] { work(ThreadMember(*team, rank)); });
  for (std::thread &thread : threads) thread.join();
}

} // namespace XPOT_NS::device

#endif
