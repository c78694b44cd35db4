# SPDX-License-Identifier: MIT
# A board's own compiler, as `make CC="aarch64-...-gcc --sysroot=..."` got it; libraries from the sysroot that it names.
# Environment: ROTUNDA_TARGET_CC. PKG_CONFIG_LIBDIR and PKG_CONFIG_SYSROOT_DIR of a build system are left as they are.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
separate_arguments(rotunda_cc UNIX_COMMAND "$ENV{ROTUNDA_TARGET_CC}")
set(CMAKE_C_COMPILER ${rotunda_cc})
set(CMAKE_ASM_COMPILER ${rotunda_cc})
foreach(tool AR RANLIB STRIP OBJCOPY NM)
	string(TOLOWER ${tool} name)
	set(CMAKE_${tool} "$ENV{ROTUNDA_TARGET_PREFIX}${name}")
endforeach()
execute_process(COMMAND ${rotunda_cc} -print-sysroot OUTPUT_VARIABLE rotunda_sysroot OUTPUT_STRIP_TRAILING_WHITESPACE
	ERROR_QUIET)
execute_process(COMMAND ${rotunda_cc} -print-multiarch OUTPUT_VARIABLE rotunda_multiarch OUTPUT_STRIP_TRAILING_WHITESPACE
	ERROR_QUIET)
if(rotunda_sysroot AND NOT rotunda_sysroot STREQUAL "/")
	get_filename_component(CMAKE_SYSROOT "${rotunda_sysroot}" ABSOLUTE)
	set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
	set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
	set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
	set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
	if(NOT DEFINED ENV{PKG_CONFIG_LIBDIR})
		set(libraries "${CMAKE_SYSROOT}/usr/lib")
		set(ENV{PKG_CONFIG_LIBDIR}
			"${libraries}/${rotunda_multiarch}/pkgconfig:${libraries}/pkgconfig:${libraries}64/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig")
		set(ENV{PKG_CONFIG_SYSROOT_DIR} "${CMAKE_SYSROOT}")
	endif()
endif()
if(rotunda_multiarch)
	set(CMAKE_LIBRARY_ARCHITECTURE ${rotunda_multiarch})
endif()
