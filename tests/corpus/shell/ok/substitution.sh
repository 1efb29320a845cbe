echo $(date)
