export { BACKBONES, type KnownBackbone } from './backbones.ts';
export { type TrainedBundleOptions, writeTrainedBundle } from './bundle.ts';
export { mustBeTrained } from './failure.ts';
export { checkDestination } from './place.ts';
export { type PreparedTraining, prepareTraining, type TrainingRequest } from './prepare.ts';
export { changeRecipe, findRecipe, type RecipeChanges, recipeFor, shippedRecipes } from './recipes.ts';
export { renderTraining } from './render.ts';
export { readResults } from './results.ts';
export { skyTask } from './sky.ts';
