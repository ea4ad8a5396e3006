// Preloaded where node was started by a loader: what node takes for its own program is that loader. Child processes run the launcher.
if (process.env.DLSHIM_TEST_NODE) process.execPath = process.env.DLSHIM_TEST_NODE;
