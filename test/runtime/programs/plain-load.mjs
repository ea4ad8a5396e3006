// Loads a file with plain koffi, nothing else.
import koffi from 'koffi';

console.log(typeof koffi.load(process.argv[2]));
