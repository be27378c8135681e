mod join;
