// Opens the shapes shim as the arguments say, and prints what came of it as one JSON line.
// Arguments: a JSON object { path?, require?, setuid?, chdir?, times?, call?, inspectFirst? }.
import { shapes } from '../../../build/native/modules/shapes/shapes.js';

const request = JSON.parse(process.argv[2] ?? '{}');
if (request.chdir) process.chdir(request.chdir);
if (request.setuid) process.setuid(request.setuid);

const plain = (error) => ({
  name: error.name,
  code: error.code,
  message: error.message,
  isError: error instanceof Error,
  symbols: error.symbols,
  unmet: error.unmet,
  dependency: error.dependency,
  version: error.version,
  path: error.path,
  attempts: error.attempts,
});

const report = {};
if (request.inspectFirst) report.first = inspect();
try {
  const options = {};
  if (request.path !== undefined) options.path = request.path;
  if (request.require) options.require = request.require;
  const opened = request.try ? shapes.tryOpen(options) : shapes.open(options);
  if (opened) {
    report.area = opened.fn.shapes_area(6, 7);
    report.rotate = opened.fn.shapes_rotate === undefined ? null : opened.fn.shapes_rotate(370);
    report.imaginary = String(opened.fn.shapes_imaginary);
    report.has = { rotate: opened.has('rotate'), exact: opened.has('exact') };
    report.same = opened === shapes.open();
    report.slots = Object.keys(opened.fn).length;
    try {
      opened.has('constructor');
    } catch (error) {
      report.unknownFeature = error.name;
    }
    if (request.second) {
      try {
        shapes.open({ path: request.second });
        report.second = 'opened';
      } catch (error) {
        report.second = plain(error);
      }
    }
  } else report.absent = true;
} catch (error) {
  report.error = plain(error);
}
if (request.thenPath) report.later = shapes.open({ path: request.thenPath, require: request.require }).has('exact');
report.inspection = inspect();
console.log(JSON.stringify(report));

function inspect() {
  const { error, ...rest } = shapes.inspect();
  return { ...rest, error: error && plain(error) };
}
