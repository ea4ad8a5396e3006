// A library that grew: 1.0 has area and scale, 1.1 adds rotate, 1.2 adds the exact pair, 2.0 removes scale.
// Built once per version, with -DVERSION=100, 101, 102 or 200.

int shapes_area(int width, int height) { return width * height; }

void shapes_version(int *major, int *minor, int *extra) {
  *major = VERSION / 100;
  *minor = VERSION % 100;
  *extra = 7;
}

#if VERSION < 200
int shapes_scale(int size, int factor) { return size * factor; }
#endif
#if VERSION >= 101
int shapes_rotate(int degrees) { return degrees % 360; }
#endif
#if VERSION >= 102
int shapes_rotate_exact(int degrees, int seconds) { return degrees * 3600 + seconds; }
int shapes_mirror(int size) { return -size; }
#endif
