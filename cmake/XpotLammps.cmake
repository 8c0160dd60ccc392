# SPDX-License-Identifier: GPL-2.0-or-later
# What the plugins need to know of the LAMMPS that will load them. LAMMPS keeps part of its binary interface (sizes of
# integers, Kokkos precision and layout) in definitions private to its own build, so they are read from CMakeCache.txt of
# its build folder: a wrong one would compile, and corrupt memory.
#
# Gives: targets xpot_lammps_headers and, with KOKKOS, xpot_lammps_kokkos (include folders and definitions: a plugin links
# nothing of LAMMPS, Kokkos or MPI); XPOT_LAMMPS_KOKKOS (TRUE when the /kk styles can be built); xpot_kokkos_sources for the files
# that use Kokkos, and XPOT_DEVICE_LANGUAGE (CUDA, HIP or empty), the language they are in;
# LAMMPS_LIBRARY, LAMMPS_EXECUTABLE and target xpot_lammps_library for programs that run LAMMPS.

function(xpot_lammps_fail)
  string(CONCAT sentence ${ARGV})
  message(FATAL_ERROR "${sentence}")
endfunction()

# xpot_lammps_cached(OUT NAME DEFAULT): a variable of LAMMPS's own build.
function(xpot_lammps_cached out name default)
  set(value ${default})
  if(EXISTS "${LAMMPS_BUILD_DIR}/CMakeCache.txt")
    file(STRINGS "${LAMMPS_BUILD_DIR}/CMakeCache.txt" line REGEX "^${name}:[A-Z]+=")
    if(line)
      string(REGEX REPLACE "^[^=]*=" "" value "${line}")
    endif()
  endif()
  set(${out} "${value}" PARENT_SCOPE)
endfunction()

function(xpot_lammps_version out)
  file(STRINGS "${LAMMPS_SOURCE_DIR}/src/version.h" line REGEX "LAMMPS_VERSION")
  if(NOT line MATCHES "\"([0-9]+) ([A-Z][a-z][a-z])[a-z]* ([0-9]+)\"")
    xpot_lammps_fail("${LAMMPS_SOURCE_DIR}/src/version.h: expected a date such as \"4 Jul 2026\" in LAMMPS_VERSION, found "
      "'${line}': give the untouched source tree of the LAMMPS that will load the plugin.")
  endif()
  set(day ${CMAKE_MATCH_1})
  set(year ${CMAKE_MATCH_3})
  set(months Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec)
  list(FIND months ${CMAKE_MATCH_2} month)
  math(EXPR number "${year} * 10000 + (${month} + 1) * 100 + ${day}")
  set(${out} ${number} PARENT_SCOPE)
endfunction()

if(NOT EXISTS "${LAMMPS_SOURCE_DIR}/src/lammps.h")
  xpot_lammps_fail("LAMMPS_SOURCE_DIR: expected the folder that holds LAMMPS's src/lammps.h, found '${LAMMPS_SOURCE_DIR}'.")
endif()
if(LAMMPS_BUILD_DIR AND NOT EXISTS "${LAMMPS_BUILD_DIR}/CMakeCache.txt")
  xpot_lammps_fail("LAMMPS_BUILD_DIR: expected the folder in which LAMMPS was built with CMake, with its CMakeCache.txt, found "
    "'${LAMMPS_BUILD_DIR}'.")
endif()
if(NOT LAMMPS_BUILD_DIR AND NOT XPOT_PLUGIN_ONLY)
  xpot_lammps_fail("LAMMPS_BUILD_DIR is needed with LAMMPS_SOURCE_DIR: it says how LAMMPS was compiled: give the folder in "
    "which LAMMPS was built with CMake.")
endif()

xpot_lammps_cached(XPOT_LAMMPS_PLUGIN PKG_PLUGIN ON)
xpot_lammps_cached(XPOT_LAMMPS_MPI BUILD_MPI ON)
xpot_lammps_cached(XPOT_LAMMPS_SIZES LAMMPS_SIZES smallbig)
xpot_lammps_cached(XPOT_LAMMPS_HAS_KOKKOS PKG_KOKKOS OFF)
xpot_lammps_version(XPOT_LAMMPS_VERSION)
if(NOT XPOT_LAMMPS_PLUGIN)
  xpot_lammps_fail("LAMMPS in ${LAMMPS_BUILD_DIR} was built without the PLUGIN package: build it again with "
    "-DPKG_PLUGIN=ON -DBUILD_SHARED_LIBS=ON.")
endif()

string(TOUPPER "${XPOT_LAMMPS_SIZES}" sizes)
add_library(xpot_lammps_headers INTERFACE)
target_include_directories(xpot_lammps_headers SYSTEM INTERFACE "${LAMMPS_SOURCE_DIR}/src")
target_compile_definitions(xpot_lammps_headers INTERFACE
  LAMMPS_${sizes} XPOT_LAMMPS_VERSION=${XPOT_LAMMPS_VERSION} OMPI_SKIP_MPICXX MPICH_SKIP_MPICXX)
if(XPOT_LAMMPS_MPI)
  set(MPI_CXX_SKIP_MPICXX TRUE)
  find_package(MPI REQUIRED COMPONENTS C CXX)
  target_include_directories(xpot_lammps_headers SYSTEM INTERFACE ${MPI_CXX_INCLUDE_DIRS})
else()
  target_include_directories(xpot_lammps_headers SYSTEM INTERFACE "${LAMMPS_SOURCE_DIR}/src/STUBS")
endif()

# Threads of the plain style. A LAMMPS without OpenMP gives one thread, and the plugin's own OpenMP library stays idle.
find_package(OpenMP COMPONENTS CXX)
set(XPOT_LAMMPS_OPENMP ${OpenMP_CXX_FOUND})

# xpot_lammps_device(CONFIG PROBLEM): language and architectures of the device that the Kokkos with this KokkosCore_config.h is
# built for, or why we cannot build for it.
function(xpot_lammps_device config problem)
  file(STRINGS "${config}" defined REGEX "^#define KOKKOS_(ENABLE|ARCH)_")
  set(language "")
  set(why "")
  if(defined MATCHES "KOKKOS_ENABLE_(SYCL|OPENMPTARGET|OPENACC)")
    set(why "LAMMPS's Kokkos is built for ${CMAKE_MATCH_1}, which xpotace/kk does not support")
  elseif(defined MATCHES "KOKKOS_ENABLE_(CUDA|HIP)_RELOCATABLE_DEVICE_CODE")
    set(why "LAMMPS's Kokkos is built with ${CMAKE_MATCH_0}, which plugins cannot be linked for")
  elseif(defined MATCHES "KOKKOS_ENABLE_(CUDA|HIP)(;|$)")
    set(language ${CMAKE_MATCH_1})
    set(architecture_CUDA "KOKKOS_ARCH_(KEPLER|MAXWELL|PASCAL|VOLTA|TURING|AMPERE|ADA|HOPPER|BLACKWELL)([0-9]+)(;|$)")
    set(architecture_HIP "KOKKOS_ARCH_(AMD_)(GFX[0-9A-F]+)(_APU)?(;|$)")
    if(NOT defined MATCHES "${architecture_${language}}")
      xpot_lammps_fail("${config}: expected the name of a ${language} architecture in KOKKOS_ARCH_, found none.")
    endif()
    string(TOLOWER "${CMAKE_MATCH_2}" architectures)
    set(XPOT_DEVICE_ARCHITECTURES ${architectures} PARENT_SCOPE)
  endif()
  set(XPOT_DEVICE_LANGUAGE "${language}" PARENT_SCOPE)
  set(${problem} "${why}" PARENT_SCOPE)
endfunction()

# Kokkos: only the headers that LAMMPS itself was compiled with.
set(XPOT_LAMMPS_KOKKOS FALSE)
function(xpot_lammps_find_kokkos)
  xpot_lammps_cached(external EXTERNAL_KOKKOS OFF)
  xpot_lammps_cached(downloaded DOWNLOAD_KOKKOS OFF)
  xpot_lammps_cached(precision KOKKOS_PREC double)
  xpot_lammps_cached(layout KOKKOS_LAYOUT legacy)
  if(external)
    xpot_lammps_cached(folder Kokkos_DIR "")
    find_package(Kokkos CONFIG REQUIRED HINTS "${folder}")
    get_target_property(includes Kokkos::kokkoscore INTERFACE_INCLUDE_DIRECTORIES)
  elseif(downloaded)
    set(includes "${LAMMPS_BUILD_DIR}/kokkos_build-prefix/include" "${LAMMPS_BUILD_DIR}/kokkos_build-prefix/include/kokkos")
  else()
    set(library "${LAMMPS_SOURCE_DIR}/lib/kokkos")
    set(made "${LAMMPS_BUILD_DIR}/lib/kokkos")
    set(includes ${library}/core/src ${library}/containers/src ${library}/algorithms/src ${library}/tpls/desul/include
      ${library}/tpls/mdspan/include "${made}" "${made}/core/src")
  endif()
  find_file(config KokkosCore_config.h PATHS ${includes} NO_DEFAULT_PATH NO_CACHE)
  if(NOT config)
    xpot_lammps_fail("LAMMPS in ${LAMMPS_BUILD_DIR} was built with KOKKOS, but KokkosCore_config.h is in none of ${includes}: "
      "build LAMMPS completely before this project, or give Kokkos_DIR.")
  endif()
  xpot_lammps_device("${config}" problem)
  if(problem)
    message(WARNING "xpotacekkplugin.so is left out: ${problem}; xpotaceplugin.so works with this LAMMPS.")
    return()
  endif()
  string(TOLOWER "${precision}" precision)
  string(TOUPPER "${layout}" layout)
  set(LMP_double DOUBLE_DOUBLE)
  set(LMP_mixed SINGLE_DOUBLE)
  set(LMP_single SINGLE_SINGLE)
  add_library(xpot_lammps_kokkos INTERFACE)
  target_include_directories(xpot_lammps_kokkos SYSTEM INTERFACE "${LAMMPS_SOURCE_DIR}/src/KOKKOS" ${includes})
  target_compile_definitions(xpot_lammps_kokkos INTERFACE
    LMP_KOKKOS LMP_KOKKOS_${LMP_${precision}} LMP_KOKKOS_LAYOUT_${layout})
  target_link_libraries(xpot_lammps_kokkos INTERFACE xpot_lammps_headers)
  set(options_CUDA --extended-lambda --expt-relaxed-constexpr -Xcompiler=-fno-math-errno)
  set(options_HIP "SHELL:-x hip" -std=c++20 -fPIC -fno-math-errno) # CMake 3.25 says none of the first three
  if(XPOT_WERROR)
    list(APPEND options_CUDA "SHELL:-Werror all-warnings")
  endif()
  file(STRINGS "${config}" with_openmp REGEX "^#define KOKKOS_ENABLE_OPENMP$")
  if(with_openmp)
    list(APPEND options_CUDA -Xcompiler=${OpenMP_CXX_FLAGS})
    list(APPEND options_HIP ${OpenMP_CXX_FLAGS})
  endif()
  if(XPOT_DEVICE_LANGUAGE)
    target_compile_options(xpot_lammps_kokkos INTERFACE
      "$<$<COMPILE_LANGUAGE:${XPOT_DEVICE_LANGUAGE}>:${options_${XPOT_DEVICE_LANGUAGE}}>")
  endif()
  set(XPOT_LAMMPS_KOKKOS TRUE PARENT_SCOPE)
  set(XPOT_DEVICE_LANGUAGE "${XPOT_DEVICE_LANGUAGE}" PARENT_SCOPE)
  set(XPOT_DEVICE_ARCHITECTURES "${XPOT_DEVICE_ARCHITECTURES}" PARENT_SCOPE)
endfunction()

# KOKKOS's types changed on 10 Sep 2025; the /kk styles are written for the newer ones.
set(XPOT_LAMMPS_OLDEST_KOKKOS 20250910)
if(XPOT_LAMMPS_HAS_KOKKOS AND NOT XPOT_PLUGIN_ONLY)
  if(XPOT_LAMMPS_VERSION LESS XPOT_LAMMPS_OLDEST_KOKKOS)
    message(WARNING "xpotacekkplugin.so is left out: it needs LAMMPS of 10 Sep 2025 or newer.")
  else()
    xpot_lammps_find_kokkos()
  endif()
endif()
# Kokkos's own wrapper of nvcc is not needed: CMake compiles for the device, with the C++ compiler of this project on the host's
# side. The runtime library is shared, as Kokkos's is, so that a process has one.
if(XPOT_DEVICE_LANGUAGE)
  set(CMAKE_${XPOT_DEVICE_LANGUAGE}_ARCHITECTURES ${XPOT_DEVICE_ARCHITECTURES})
  set(CMAKE_CUDA_HOST_COMPILER ${CMAKE_CXX_COMPILER})
  set(CMAKE_CUDA_RUNTIME_LIBRARY Shared)
  enable_language(${XPOT_DEVICE_LANGUAGE})
  set(CMAKE_${XPOT_DEVICE_LANGUAGE}_STANDARD 20)
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION) # CMake 3.25 knows of none above 17 for nvcc
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION -std=c++20)
  endif()
endif()

# xpot_kokkos_sources(FILE...): these files of the current folder's targets hold device code.
function(xpot_kokkos_sources)
  if(XPOT_DEVICE_LANGUAGE)
    set_source_files_properties(${ARGN} PROPERTIES LANGUAGE ${XPOT_DEVICE_LANGUAGE})
  endif()
endfunction()

if(LAMMPS_BUILD_DIR AND NOT XPOT_PLUGIN_ONLY)
  xpot_lammps_cached(machine LAMMPS_MACHINE "")
  if(machine)
    string(PREPEND machine "_")
  endif()
  find_library(LAMMPS_LIBRARY NAMES lammps${machine} PATHS "${LAMMPS_BUILD_DIR}" NO_DEFAULT_PATH NO_CACHE)
  find_program(LAMMPS_EXECUTABLE NAMES lmp${machine} PATHS "${LAMMPS_BUILD_DIR}" NO_DEFAULT_PATH NO_CACHE)
  if(NOT LAMMPS_LIBRARY OR NOT LAMMPS_EXECUTABLE)
    xpot_lammps_fail("${LAMMPS_BUILD_DIR} holds no liblammps or no lmp: finish the build of LAMMPS first "
      "(cmake --build ${LAMMPS_BUILD_DIR}).")
  endif()
  if(LAMMPS_LIBRARY MATCHES "\\.a$")
    xpot_lammps_fail("${LAMMPS_LIBRARY}: expected a shared library, whose symbols a plugin and a program can use: build LAMMPS "
      "again with -DBUILD_SHARED_LIBS=ON.")
  endif()
  add_library(xpot_lammps_library INTERFACE)
  target_include_directories(xpot_lammps_library SYSTEM INTERFACE "${LAMMPS_SOURCE_DIR}/src")
  target_compile_definitions(xpot_lammps_library INTERFACE LAMMPS_${sizes} LAMMPS_LIB_NO_MPI)
  target_link_libraries(xpot_lammps_library INTERFACE "${LAMMPS_LIBRARY}")
endif()

function(xpot_lammps_summary)
  set(styles "xpotace")
  if(XPOT_LAMMPS_KOKKOS)
    string(APPEND styles ", xpotace/kk")
  endif()
  if(XPOT_DEVICE_LANGUAGE)
    string(APPEND styles " for ${XPOT_DEVICE_LANGUAGE} ${XPOT_DEVICE_ARCHITECTURES}")
  endif()
  message(STATUS "LAMMPS ${XPOT_LAMMPS_VERSION} (${XPOT_LAMMPS_SIZES}, MPI ${XPOT_LAMMPS_MPI}): ${styles}")
endfunction()
xpot_lammps_summary()
