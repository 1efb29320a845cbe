echo `if` `(`
