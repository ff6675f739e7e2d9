// For LATE=1: some answers of the server are held up, too.

import { mergeConfig } from 'vite';
import config from '../../vite.config.js';

export default mergeConfig(config, {
  plugins: [
    {
      name: 'late-answers',
      configurePreviewServer({ middlewares }) {
        middlewares.use((_request, _response, next) => {
          setTimeout(next, Math.random() < 0.4 ? 1_500 * Math.random() : 0);
        });
      },
    },
  ],
});
