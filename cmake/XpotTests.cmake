# SPDX-License-Identifier: GPL-2.0-or-later

pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)

# Reference data that a developer may have beside the checkout; absent on a user's machine. Tests that need it skip and say
# so.
set(XPOT_SHARED_DIR ${PROJECT_SOURCE_DIR}/../shared CACHE PATH "Folder with data/ and conformance/; may be absent")

# xpot_add_test(NAME source... [LIBS lib...]): a cmocka program, registered under its name with CTest. It exits with
# XP_TEST_SKIP (77) when all it could do was to skip.
function(xpot_add_test name)
  cmake_parse_arguments(ARG "" "" "LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  xpot_target_settings(${name})
  target_link_libraries(${name} PRIVATE xpot xpot_testing ${ARG_LIBS} PkgConfig::cmocka m)
  add_test(NAME ${name} COMMAND ${name})
  set(environment "XPOT_SHARED_DIR=${XPOT_SHARED_DIR};XPOT_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
  if(LAMMPS_SOURCE_DIR)
    list(APPEND environment "XPOT_LAMMPS_POTENTIALS=${LAMMPS_SOURCE_DIR}/potentials")
  endif()
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900 ENVIRONMENT "${environment}")
endfunction()
