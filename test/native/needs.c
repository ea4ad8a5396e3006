// A library that links against another one.
int dependency_answer(void);
int shapes_area(int width, int height) { return width * height + 0 * dependency_answer(); }
int shapes_scale(int size, int factor) { return size * factor; }
