/* Access control lists: their opaque handles and numbers. Source: the withdrawn POSIX.1e draft 17. */
#ifndef __SYS_ACL_H
#define __SYS_ACL_H
#ifdef _WIN32
#error "only POSIX systems have this header"
#endif
#include <dlshim/features.h>
#include <sys/types.h>
#ifdef __linux__
typedef unsigned int acl_type_t;
typedef int acl_tag_t;
typedef unsigned int acl_perm_t;
typedef struct __acl_ext *acl_t;
typedef struct __acl_entry_ext *acl_entry_t;
typedef struct __acl_permset_ext *acl_permset_t;
#define ACL_READ 0x04
#define ACL_WRITE 0x02
#define ACL_EXECUTE 0x01
#define ACL_UNDEFINED_TAG 0x0
#define ACL_USER_OBJ 0x01
#define ACL_USER 0x02
#define ACL_GROUP_OBJ 0x04
#define ACL_GROUP 0x08
#define ACL_MASK 0x10
#define ACL_OTHER 0x20
#define ACL_TYPE_ACCESS 0x8000
#define ACL_TYPE_DEFAULT 0x4000
#define ACL_FIRST_ENTRY 0
#define ACL_NEXT_ENTRY 1
#else
typedef unsigned int acl_type_t;
typedef struct _acl *acl_t;
typedef struct _acl_entry *acl_entry_t;
typedef struct _acl_permset *acl_permset_t;
#endif
int acl_free(void *);
acl_t acl_init(int);
acl_t acl_dup(acl_t);
acl_t acl_get_fd(int);
acl_t acl_get_file(const char *, acl_type_t);
int acl_set_file(const char *, acl_type_t, acl_t);
int acl_set_fd(int, acl_t);
#endif
