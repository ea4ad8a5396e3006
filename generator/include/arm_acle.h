/* Arm intrinsics over scalars: inline functions, of which a table carries none. */
