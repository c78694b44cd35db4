# SPDX-License-Identifier: MIT
# Target rotunda_client: the library that the daemon and the command talk to the driver with.
add_library(rotunda_client STATIC ${CMAKE_CURRENT_LIST_DIR}/jailhouse_client.c
	${CMAKE_CURRENT_LIST_DIR}/jailhouse_sysfs.c)
target_include_directories(rotunda_client PUBLIC ${CMAKE_CURRENT_LIST_DIR}
	PRIVATE ${CMAKE_CURRENT_LIST_DIR}/../driver/include ${CMAKE_CURRENT_LIST_DIR}/../hypervisor/include)
target_link_libraries(rotunda_client PRIVATE rotunda_warnings)
