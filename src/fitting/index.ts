export { evaluateProfile } from './evaluate.ts';
export { fitCascade } from './fit.ts';
export { renderCascade, renderFit, renderProfile } from './render.ts';
export { writeFitReport } from './report.ts';
export { cascadeThere, fitProfile, judgeProfile, writeCascade } from './run.ts';
