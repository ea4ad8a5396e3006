// A driver that is there, and imports what is not.
import './not-there.mjs';

export default {};
