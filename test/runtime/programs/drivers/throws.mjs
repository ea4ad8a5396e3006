// A driver that throws when it is imported.
throw new RangeError('there is no such place');
