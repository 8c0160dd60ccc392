# SPDX-License-Identifier: GPL-2.0-or-later
# Language, warnings and where the products go, for every target of this project.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, RelWithDebInfo or Debug" FORCE)
endif()
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_EXTENSIONS ON) # GNU vector types in the kernels
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)

set(XPOT_WARNINGS -Wall -Wextra)
if(XPOT_WERROR)
  list(APPEND XPOT_WARNINGS -Werror)
endif()
if(XPOT_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

# Every target of this project: warnings on, errno of the mathematics library not needed. Compilers for devices have options of
# their own (XpotLammps.cmake).
function(xpot_target_settings target)
  target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:C,CXX>:${XPOT_WARNINGS};-fno-math-errno>")
endfunction()

# xpot_add_kernel(TARGET source... [PRECISIONS precision...]): compiles each source once a processor level and precision, which
# are double and mixed unless given (core/src/kernel/kernel.h).
function(xpot_add_kernel target)
  cmake_parse_arguments(ARG "" "" "PRECISIONS" ${ARGN})
  if(NOT ARG_PRECISIONS)
    set(ARG_PRECISIONS double mixed)
  endif()
  set(levels 1)
  set(march_1 "")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set(levels 1 2 3 4)
    set(march_2 -march=x86-64-v2)
    set(march_3 -march=x86-64-v3)
    # 512-bit registers hold one lane group of eight doubles; gcc prefers 256 bits unless told.
    set(march_4 -march=x86-64-v4 -mprefer-vector-width=512)
  endif()
  get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  foreach(precision ${ARG_PRECISIONS})
    string(COMPARE EQUAL ${precision} mixed mixed)
    foreach(level ${levels})
      set(kernel ${target}_${folder}_${precision}_v${level})
      add_library(${kernel} OBJECT ${ARG_UNPARSED_ARGUMENTS})
      xpot_target_settings(${kernel})
      # -Wno-psabi: vectors wider than the base level's registers are passed between inlined functions only.
      target_compile_options(${kernel} PRIVATE -O3 -fvisibility=hidden -Wno-psabi ${march_${level}})
      target_compile_definitions(${kernel} PRIVATE XP_KERNEL_LEVEL=${level} XP_KERNEL_PRECISION=${precision}
                                                   XP_KERNEL_MIXED=${mixed})
      target_include_directories(${kernel} PRIVATE ${PROJECT_SOURCE_DIR}/core/include ${PROJECT_SOURCE_DIR}/core/src)
      target_sources(${target} PRIVATE $<TARGET_OBJECTS:${kernel}>)
    endforeach()
  endforeach()
endfunction()

find_package(PkgConfig REQUIRED)
