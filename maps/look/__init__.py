"""The look: colours with a meaning, hatches and textures, classes of values, house styles."""
