// flags: --library libtags.so.1
// A tag that begins with an underscore is nobody's name: the record or enum goes by its typedef.
typedef struct _Widget Widget;
typedef enum _State { STATE_OFF, STATE_ON } State;
typedef union _Either { int number; double real; } Either;
typedef Widget *WidgetPointer;
// No typedef names this one.
struct _Lonely {
  int value;
};
// Two typedefs: the first one that is no reserved name.
typedef struct _Twice _TwicePrivate, Twice, Again;
struct _Twice {
  Again *next;
};
struct _Widget {
  State state;
  Either either;
  struct _Lonely lonely;
};
Widget *widget_new(State state);
void widget_set(WidgetPointer widget, const Either *value, struct _Lonely *lonely, Twice *twice);
