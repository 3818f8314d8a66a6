print("cauchy")
