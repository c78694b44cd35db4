# SPDX-License-Identifier: MIT
# Warnings are errors everywhere but in third-party sources. Link `rotunda_warnings` PRIVATE.
# A newer compiler knows more of them: who builds a product with one switches that off.
option(ROTUNDA_WERROR "Warnings are errors" ON)
add_library(rotunda_warnings INTERFACE)
target_compile_options(rotunda_warnings INTERFACE $<$<BOOL:${ROTUNDA_WERROR}>:-Werror>
	-Wall -Wextra -Wconversion -Wno-sign-conversion -Wshadow -Wstrict-prototypes
	-Wmissing-prototypes -Wundef -Wvla -Wpointer-arith -Wwrite-strings -Wno-missing-field-initializers)

if(ROTUNDA_SANITIZE)
	add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
	add_link_options(-fsanitize=address,undefined)
endif()

# The same bytes wherever it is built.
if(ROTUNDA_BOARD)
	add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -ffile-prefix-map=${CMAKE_BINARY_DIR}/=)
endif()
