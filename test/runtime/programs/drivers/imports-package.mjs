// A driver that is there, and imports a package that is not.
import 'dlshim-not-there';

export default {};
