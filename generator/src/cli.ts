#!/usr/bin/env node
// The bin: `dlshim`.

import { launch } from './launch.ts';

void launch(__dirname).main(process.argv.slice(2));
