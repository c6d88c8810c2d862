REFUSED = "queries stand in FROM"
