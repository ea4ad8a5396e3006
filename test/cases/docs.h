// flags: --library libdocs.so.1 --docs
// Doc comments, carried over because of --docs.

/** A point in the plane. Ends with `code` and ${template}. */
struct point {
  int x; /**< to the right */
  int y;
};

/**
 * Moves a point.
 *
 * @param p the point; owned by the caller
 * @param dx how far
 * @returns 0, or a negative errno
 */
int move_point(struct point *p, int dx);

// A line comment
// of two lines.
int line_comment(void);

int undocumented(void); /* not a doc comment of the next one */
int after(void); /**< Stands behind. */

#define LIMIT 10 /**< The most points. */
