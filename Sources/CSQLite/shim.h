#ifndef DIALERD_CSQLITE_SHIM_H
#define DIALERD_CSQLITE_SHIM_H
#include <sqlite3.h>

/* SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift cannot import. */
static inline int dialerd_bind_text(sqlite3_stmt *s, int i, const char *p, int n) {
  return sqlite3_bind_text(s, i, p, n, SQLITE_TRANSIENT);
}
static inline int dialerd_bind_blob(sqlite3_stmt *s, int i, const void *p, int n) {
  return sqlite3_bind_blob(s, i, p, n, SQLITE_TRANSIENT);
}
/* Bytes that outlive the step: bound without a copy. */
static inline int dialerd_bind_text_static(sqlite3_stmt *s, int i, const char *p, int n) {
  return sqlite3_bind_text(s, i, p, n, SQLITE_STATIC);
}
static inline int dialerd_bind_blob_static(sqlite3_stmt *s, int i, const void *p, int n) {
  return sqlite3_bind_blob(s, i, p, n, SQLITE_STATIC);
}
/* sqlite3_db_config is variadic, which Swift cannot import: a crash must be able to leave the WAL as it is. */
static inline int dialerd_no_checkpoint_on_close(sqlite3 *db) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
/* Variadic as well. Counting every allocation takes a global lock for each. Only before the first connection. */
static inline int dialerd_no_memory_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
/* The file of the write-ahead log; null before the connection has opened it. */
static inline sqlite3_file *dialerd_log_file(sqlite3 *db) {
  sqlite3_file *file = 0;
  if (sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) != SQLITE_OK) return 0;
  return file && file->pMethods ? file : 0;
}
/* Below zero when it cannot be told. */
static inline sqlite3_int64 dialerd_file_size(sqlite3_file *file) {
  sqlite3_int64 size = 0;
  return file->pMethods->xFileSize(file, &size) == SQLITE_OK ? size : -1;
}
static inline int dialerd_file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at) {
  return file->pMethods->xWrite(file, bytes, count, at);
}
#endif
